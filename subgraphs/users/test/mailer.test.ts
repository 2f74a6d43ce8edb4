import { afterEach, describe, expect, test } from 'bun:test'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { type SmtpSink, smtpRefusal, smtpSink } from '../../../stack/testing/smtp-sink.ts'
import { mailerContract, mailTo, sender } from '../mail/mailer.contract.ts'
import { createFilesMailer } from '../mail/mailer.files.ts'
import { createSmtpMailer, type SmtpServer } from '../mail/mailer.smtp.ts'
import { MailRefused } from '../mail/mailer.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function sinkFor(options: Parameters<typeof smtpSink>[0] = {}): Promise<SmtpSink> {
  const sink = await smtpSink(options)
  closing.push(sink.stop)
  return sink
}

const mailerTo = (port: number, change: Partial<SmtpServer> = {}, timeoutMs = 10_000) =>
  createSmtpMailer({
    server: { host: '127.0.0.1', port, tls: 'offered', auth: null, ...change },
    sender,
    timeoutMs,
  })

const failureOf = (sending: Promise<void>) =>
  sending.then(() => null).catch((error: unknown) => error)

describe('over SMTP', () => {
  mailerContract(async () => {
    const first = await sinkFor()
    let second: SmtpSink | null = null
    return {
      mailer: mailerTo(first.port),
      received: async () => [...first.mails, ...(second?.mails ?? [])],
      breakDown: first.stop,
      mend: async () => {
        second = await sinkFor({ port: first.port })
      },
    }
  })

  const answers: [number, string, boolean][] = [
    [550, '5.1.1 No such user', true],
    [552, '5.2.2 Mailbox full for good', true],
    [550, 'No such user here', true],
    [450, '4.2.0 Greylisted, come back', false],
    [452, '4.2.2 Mailbox full', false],
    [554, '5.7.1 Relay access denied', false],
  ]
  test.each(answers)(
    'a recipient answered with %d %s: refused for good is %p',
    async (code, text, isFinal) => {
      const { port } = await sinkFor({
        onRecipient: () => {
          throw smtpRefusal(code, text)
        },
      })
      const failure = await failureOf(mailerTo(port).send(mailTo('alice@example.org')))
      expect(failure).toBeInstanceOf(Error)
      expect(failure instanceof MailRefused).toBe(isFinal)
    },
  )

  test('a content that is refused for good is not tried again', async () => {
    const { port } = await sinkFor({
      server: {
        onData: (stream, _session, done) => {
          stream.resume().on('end', () => done(smtpRefusal(554, '5.6.0 Not taken')))
        },
      },
    })
    const failure = await failureOf(mailerTo(port).send(mailTo('alice@example.org')))
    expect(failure).toBeInstanceOf(MailRefused)
  })

  test('a login that fails is ours to mend: the mail waits', async () => {
    const { port } = await sinkFor({
      server: {
        authOptional: false,
        allowInsecureAuth: true,
        onAuth: (_auth, _session, done) => done(smtpRefusal(535, '5.7.8 Bad credentials')),
      },
    })
    const auth = { user: 'plexus', pass: 'wrong' }
    const failure = await failureOf(mailerTo(port, { auth }).send(mailTo('alice@example.org')))
    expect(failure).toBeInstanceOf(Error)
    expect(failure).not.toBeInstanceOf(MailRefused)
  })

  test('a server that says nothing is given up after the timeout', async () => {
    const mute = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data: () => {} } })
    closing.push(async () => mute.stop(true))
    const failure = await failureOf(mailerTo(mute.port, {}, 200).send(mailTo('alice@example.org')))
    expect(String(failure)).toMatch(/Timeout|Greeting never received/)
  })

  test('[KG-24] where TLS is required nothing is sent without it; where it is offered, it is', async () => {
    const { port, mails } = await sinkFor()
    const strict = mailerTo(port, { tls: 'required' })
    expect(await failureOf(strict.send(mailTo('alice@example.org')))).toBeInstanceOf(Error)
    expect(mails).toEqual([])
    await mailerTo(port).send(mailTo('alice@example.org'))
    expect(mails).toHaveLength(1)
  })

  test('a certificate that nobody signed is not trusted', async () => {
    const { port, mails } = await sinkFor({ server: { secure: true } })
    const failure = await failureOf(
      mailerTo(port, { tls: 'implicit' }).send(mailTo('a@example.org')),
    )
    expect(String(failure)).toMatch(/certificate|self.signed/i)
    expect(mails).toEqual([])
  })
})

describe('into a folder', () => {
  const opened = async () => {
    const folder = join(await mkdtemp(join(tmpdir(), 'plexus-mail-')), 'mail')
    closing.push(() => rm(join(folder, '..'), { recursive: true }))
    const files = async () =>
      (await readdir(folder).catch(() => [])).map((name) => join(folder, name))
    return { folder, files, mailer: createFilesMailer({ folder, sender }) }
  }

  mailerContract(async () => {
    const { folder, files, mailer } = await opened()
    return {
      mailer,
      received: async () =>
        Promise.all((await files()).map(async (file) => simpleParser(await Bun.file(file).text()))),
      breakDown: () => writeFile(folder, 'not a folder'),
      mend: () => rm(folder),
    }
  })

  test('each mail is one .eml that only its owner reads', async () => {
    const { files, mailer } = await opened()
    await mailer.send(mailTo('alice@example.org', { messageId: 'a/../b@plexus.example' }))
    const [file = '', ...others] = await files()
    expect(others).toEqual([])
    expect(file).toEndWith('/a----b-plexus-example.eml')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })
})
