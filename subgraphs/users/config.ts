import { z } from 'zod'
import { count, keyRing, milliseconds, parseConfig, secureUrl } from '#kit/config'
import { serviceEnv, serviceSettings } from '#kit/service'
import type { SmtpServer } from './mail/mailer.smtp.ts'
import type { Sender } from './mail/message.ts'

const localHosts = ['localhost', '127.0.0.1', '[::1]']
const presetPort = { 'smtp:': 587, 'smtps:': 465 } as const

const isSmtp = (protocol: string): protocol is keyof typeof presetPort =>
  Object.hasOwn(presetPort, protocol)

/** A password and a person's bookings cross the network: without TLS only on one machine, or when the URL says so. */
function tlsOf({ protocol, hostname, searchParams }: URL): SmtpServer['tls'] {
  if (protocol === 'smtps:') return 'implicit'
  return localHosts.includes(hostname) || searchParams.get('tls') === 'offered'
    ? 'offered'
    : 'required'
}

/** Null for anything but smtp:// and smtps:// with a host. */
function smtpServerFrom(text: string): SmtpServer | null {
  const url = URL.parse(text)
  if (!url?.hostname || !isSmtp(url.protocol)) return null
  const user = decodeURIComponent(url.username)
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || presetPort[url.protocol],
    tls: tlsOf(url),
    auth: user ? { user, pass: decodeURIComponent(url.password) } : null,
  }
}

const smtpUrl = z.string().transform((text, context) => {
  const server = smtpServerFrom(text)
  if (server) return server
  context.addIssue({
    code: 'custom',
    message: 'must be smtp://user:password@host:port or smtps://…',
  })
  return z.NEVER
})

const Env = z
  .object({
    ...serviceEnv({ port: 4001, metricsPort: 9101 }),
    PUBLIC_ORIGIN: secureUrl,
    SMTP_URL: smtpUrl.optional(),
    MAIL_FOLDER: z.string().optional(),
    MAIL_FROM: z.email('must be an e-mail address').optional(),
    MAIL_POLL_MS: milliseconds(2_000),
    // Opens what `auth` seals in letters; it has the same keys.
    LETTER_KEYS: keyRing,
    // Who is told by mail of what a log line alone may not reach in time.
    ALERT_EMAIL: z.email('must be an e-mail address').optional(),
    // So many failures to get in within a minute are an alert: of all together, of one account.
    ALERT_FAILURES: count(50),
    ALERT_FAILURES_OF_ONE: count(10),
  })
  .refine((env) => env.SMTP_URL || env.MAIL_FOLDER, {
    path: ['SMTP_URL'],
    message: 'is required, or MAIL_FOLDER where mails are only written to files',
  })
  .transform((env) => {
    const { origin, hostname } = new URL(env.PUBLIC_ORIGIN)
    const sender: Sender = { name: 'Plexus', address: env.MAIL_FROM ?? `no-reply@${hostname}` }
    return {
      ...serviceSettings(env),
      publicOrigin: origin,
      mail: {
        sender,
        smtp: env.SMTP_URL ?? null,
        folder: env.MAIL_FOLDER ?? '',
        everyMs: env.MAIL_POLL_MS,
        letterKeys: env.LETTER_KEYS,
      },
      alerts: {
        email: env.ALERT_EMAIL ?? null,
        thresholds: { failures: env.ALERT_FAILURES, failuresOfOne: env.ALERT_FAILURES_OF_ONE },
      },
    }
  })

export type Config = z.output<typeof Env>

/** Throws ConfigError that names every bad variable at once. */
export const configFrom = (env: Record<string, string | undefined>): Config => parseConfig(Env, env)
