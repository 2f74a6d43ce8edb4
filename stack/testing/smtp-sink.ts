import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

type Options = {
  /** 0: any free port. */
  readonly port?: number
  /** Throws, as `smtpRefusal` makes it, to refuse a recipient. */
  readonly onRecipient?: (address: string) => void
  readonly server?: SMTPServerOptions
}

/** A refusal with the code and the text that the client reads. */
export const smtpRefusal = (responseCode: number, text: string) =>
  Object.assign(new Error(text), { responseCode })

/** An SMTP server that keeps what it is sent, read by a library other than the one that wrote it. */
export async function smtpSink({ port = 0, onRecipient = () => {}, server = {} }: Options = {}) {
  const mails: ParsedMail[] = []
  const smtp = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    disableReverseLookup: true,
    onRcptTo: ({ address }, _session, done) => {
      try {
        onRecipient(address)
        done()
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)))
      }
    },
    onData: (stream, _session, done) => {
      buffer(stream)
        .then(simpleParser)
        .then((mail) => {
          mails.push(mail)
          done()
        }, done)
    },
    ...server,
  })
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>()
  smtp.once('error', reject)
  smtp.listen(port, '127.0.0.1', resolve)
  await listening
  // A client that goes away in the middle is no failure of the test.
  smtp.on('error', () => {})
  // A server that listens on TCP has an address with a port.
  const address = smtp.server.address() as AddressInfo
  return {
    mails,
    port: address.port,
    url: `smtp://127.0.0.1:${address.port}`,
    stop: () => new Promise<void>((done) => smtp.close(() => done())),
  }
}

export type SmtpSink = Awaited<ReturnType<typeof smtpSink>>
