import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { databaseUrl, milliseconds } from './config.ts'
import type { Tls } from './postgres.ts'

const modes = ['disable', 'require', 'verify-full'] as const
type Mode = (typeof modes)[number]

const isMode = (text: string): text is Mode => modes.some((mode) => mode === text)

/** What libpq would take for `prefer` sends a password to whoever answers: it is no mode here. */
const url = databaseUrl.refine((text) => isMode(modeIn(text)), {
  message: `sslmode must be ${modes.join(', ')}`,
})

/** PEM, read when the configuration is. */
const certificates = z.string().transform((file, context) => {
  try {
    const pem = readFileSync(file, 'utf8')
    if (/^-----BEGIN CERTIFICATE-----/m.test(pem)) return pem
  } catch {
    // Falls through to the one message for whatever is not a file of certificates.
  }
  context.addIssue({ code: 'custom', message: 'must be a readable file of PEM certificates' })
  return z.NEVER
})

/** How a service reaches its database; every service has these. */
export const databaseEnv = {
  // `?sslmode=require` encrypts; `verify-full` also proves that the server is the one it should be.
  DATABASE_URL: url,
  // Set where DATABASE_URL is PgBouncer in transaction mode: the server itself, for LISTEN.
  DATABASE_DIRECT_URL: url.optional(),
  // Who may have signed the server's certificate; without it, whom the system trusts.
  DATABASE_CA_FILE: certificates.optional(),
  STATEMENT_TIMEOUT_MS: milliseconds(2_000),
}

type DatabaseEnv = z.output<z.ZodObject<typeof databaseEnv>>

const modeIn = (text: string): string => URL.parse(text)?.searchParams.get('sslmode') ?? 'disable'

function withoutMode(text: string): string {
  const plain = new URL(text)
  plain.searchParams.delete('sslmode')
  return plain.href
}

/** A certificate to check against is a wish to check: `require` is `verify-full` then. */
function tlsOf(mode: string, ca: string | undefined): Tls {
  if (mode === 'disable') return false
  if (ca) return { ca }
  return mode === 'require' ? 'require' : 'verify-full'
}

/** The same settings as `connect` takes them. */
export const databaseSettings = (env: DatabaseEnv) => ({
  url: withoutMode(env.DATABASE_URL),
  tls: tlsOf(modeIn(env.DATABASE_URL), env.DATABASE_CA_FILE),
  statementTimeoutMs: env.STATEMENT_TIMEOUT_MS,
  direct: env.DATABASE_DIRECT_URL
    ? {
        url: withoutMode(env.DATABASE_DIRECT_URL),
        tls: tlsOf(modeIn(env.DATABASE_DIRECT_URL), env.DATABASE_CA_FILE),
      }
    : null,
})
