import { type Mail, type Mailer, MailRefused } from './mailer.ts'
import { messageFrom, type Sender } from './message.ts'

export type SmtpServer = {
  readonly host: string
  readonly port: number
  /** `implicit`: from the first byte (smtps). `required`: by STARTTLS. `offered`: when the server has it. */
  readonly tls: 'implicit' | 'required' | 'offered'
  readonly auth: { readonly user: string; readonly pass: string } | null
}

type Options = { readonly server: SmtpServer; readonly sender: Sender; readonly timeoutMs?: number }

/** What nodemailer tells of a failure, beyond its message. */
type Failure = { readonly code: string; readonly command: string; readonly response: string }

const textAt = (error: object, key: string) => String(Reflect.get(error, key) ?? '')

const failureOf = (error: Error): Failure => ({
  code: textAt(error, 'code'),
  command: textAt(error, 'command'),
  response: textAt(error, 'response'),
})

/** RFC 5321, section 4.2.1: 5yz is for good. RFC 3463: 5.7 is policy, which whoever runs the server mends. */
const isForGood = (response: string) =>
  /^5\d\d/.test(response) && !/^5\d\d[ -]5\.7\./.test(response)

/** Only what is said of this recipient or this content is final; a refused login or sender is ours to mend. */
const isRefusal = ({ code, command, response }: Failure) =>
  (code === 'EENVELOPE' && command === 'API') ||
  (['RCPT TO', 'DATA'].includes(command) && isForGood(response))

const lastLine = (response: string) => response.split('\n').at(-1) ?? ''

function outcomeOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const failure = failureOf(error)
  if (!isRefusal(failure)) return error
  return new MailRefused(lastLine(failure.response) || error.message, { cause: error })
}

/** Sends over SMTP, one connection a mail: a server that was away is found again without a restart. */
export function createSmtpMailer({ server, sender, timeoutMs = 10_000 }: Options): Mailer {
  const { host, port, tls, auth } = server
  const settings = {
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'required',
    ...(auth && { auth: { ...auth } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  }
  return {
    destination: `${tls === 'implicit' ? 'smtps' : 'smtp'}://${host}:${port}`,
    send: async (mail: Mail) => {
      // Loaded with the first mail: a service that starts has none to send yet.
      const { createTransport } = await import('nodemailer')
      try {
        await createTransport(settings).sendMail(messageFrom(mail, sender))
      } catch (error) {
        throw outcomeOf(error)
      }
    },
  }
}
