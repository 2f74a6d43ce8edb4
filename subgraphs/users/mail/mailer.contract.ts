import { expect, test } from 'bun:test'
import type { ParsedMail } from 'mailparser'
import { type Mail, type Mailer, MailRefused } from './mailer.ts'

export const sender = { name: 'Plexus', address: 'no-reply@plexus.example' }

export const mailTo = (address: string, change: Partial<Mail> = {}): Mail => ({
  messageId: `${Bun.randomUUIDv7()}@plexus.example`,
  to: { name: 'Alice Bérnard', address },
  language: 'fr',
  subject: 'Confirmé : Séance découverte, mar. 24 nov. 2026, 10:00',
  text: 'Bonjour Alice,\n\nÀ bientôt.\n',
  html: '<!doctype html><p>À bientôt &amp; merci</p>',
  calendar: {
    method: 'REQUEST',
    content: 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n',
  },
  ...change,
})

type Opened = {
  readonly mailer: Mailer
  received(): Promise<readonly ParsedMail[]>
  /** What carries the mails is out of order until `mend`. */
  breakDown(): Promise<void>
  mend(): Promise<void>
}

const messageIds = (mails: readonly ParsedMail[]) => mails.map(({ messageId }) => messageId)

/** What every adapter keeps. */
export function mailerContract(open: () => Promise<Opened>) {
  test('a mail arrives whole, to the one person it is for', async () => {
    const { mailer, received } = await open()
    const mail = mailTo('alice@example.org')
    await mailer.send(mail)
    const [got, ...others] = await received()
    expect(others).toEqual([])
    expect(got).toMatchObject({
      messageId: `<${mail.messageId}>`,
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
    })
    expect(got?.from?.value).toMatchObject([{ name: 'Plexus', address: sender.address }])
    expect(got?.to?.value).toMatchObject([{ name: 'Alice Bérnard', address: 'alice@example.org' }])
    expect(got?.headers.get('auto-submitted')).toBe('auto-generated')
  })

  test('the calendar is there as a calendar program looks for it, and as a file', async () => {
    const { mailer, received } = await open()
    const { calendar, ...mail } = mailTo('alice@example.org')
    const content = calendar?.content.replace('REQUEST', 'CANCEL') ?? ''
    await mailer.send({ ...mail, calendar: { method: 'CANCEL', content } })
    const [got] = await received()
    const kinds = got?.attachments.map(({ contentType }) => contentType)
    expect(kinds).toEqual(['text/calendar', 'application/ics'])
    for (const part of got?.attachments ?? []) {
      expect(part.content.toString().replaceAll('\r\n', '\n').trim()).toBe(
        content.replaceAll('\r\n', '\n').trim(),
      )
    }
  })

  test('a name or a subject over several lines adds no header and no recipient', async () => {
    const { mailer, received } = await open()
    const trick = 'Alice\r\nBcc: eve@example.org\r\n\r\n<script>'
    await mailer.send(
      mailTo('alice@example.org', {
        subject: trick,
        to: { name: trick, address: 'alice@example.org' },
      }),
    )
    const [got, ...others] = await received()
    expect(others).toEqual([])
    expect(got?.headers.has('bcc')).toBe(false)
    expect(got?.subject).toBe('Alice Bcc: eve@example.org <script>')
    expect(got?.to?.value).toMatchObject([
      { name: 'Alice Bcc: eve@example.org <script>', address: 'alice@example.org' },
    ])
  })

  test('a mail that is sent again has the same Message-ID', async () => {
    const { mailer, received } = await open()
    const mail = mailTo('alice@example.org')
    await mailer.send(mail)
    await mailer.send(mail)
    expect(new Set(messageIds(await received()))).toEqual(new Set([`<${mail.messageId}>`]))
  })

  test.each([
    'nobody',
    'a@b@c.example',
    'a@b.example, eve@example.org',
    'a@b.example\r\nRCPT TO:<eve@example.org>',
  ])('%j is no address: refused for good, and nothing is sent', async (address) => {
    const { mailer, received } = await open()
    expect(await mailer.send(mailTo(address)).catch((error: unknown) => error)).toBeInstanceOf(
      MailRefused,
    )
    expect(await received()).toEqual([])
  })

  test('what is out of order may be tried again, and works as soon as it is mended', async () => {
    const { mailer, received, breakDown, mend } = await open()
    await breakDown()
    const mail = mailTo('alice@example.org')
    const failure = await mailer.send(mail).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Error)
    expect(failure).not.toBeInstanceOf(MailRefused)
    await mend()
    await mailer.send(mail)
    expect(messageIds(await received())).toEqual([`<${mail.messageId}>`])
  })
}
