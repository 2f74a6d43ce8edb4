import { z } from 'zod'

type Env = Record<string, string | undefined>

/** Names every bad variable at once; never repeats a value, since any of them may be a secret. */
export class ConfigError extends Error {
  readonly variables: readonly string[]

  constructor(faults: readonly { variable: string; reason: string }[]) {
    const lines = faults.map(({ variable, reason }) => `  ${variable}: ${reason}`)
    super(['The configuration is not usable:', ...lines].join('\n'))
    this.name = 'ConfigError'
    this.variables = [...new Set(faults.map(({ variable }) => variable))]
  }
}

/** An empty variable counts as absent, as in every shell. Throws ConfigError. */
export function parseConfig<Schema extends z.ZodType>(schema: Schema, env: Env): z.output<Schema> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value))
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  throw new ConfigError(
    parsed.error.issues.map(({ path, message }) => {
      const variable = String(path[0] ?? 'environment')
      return { variable, reason: given[variable] === undefined ? 'is required' : message }
    }),
  )
}

const whole = (name: string, range: { min: number; max: number }) =>
  z
    .string()
    .regex(/^\d+$/, `must be ${name}`)
    .transform(Number)
    .refine((value) => value >= range.min && value <= range.max, `must be ${name}`)

/** 0 asks the operating system for a free port. */
export const port = (preset: number) =>
  whole('a port between 0 and 65535', { min: 0, max: 65_535 }).default(preset)

export const milliseconds = (preset: number) =>
  whole('a positive number of milliseconds', { min: 1, max: 2 ** 31 - 1 }).default(preset)

/** A positive whole number: a limit, a count, a size in bytes. */
export const count = (preset: number) =>
  whole('a positive whole number', { min: 1, max: Number.MAX_SAFE_INTEGER }).default(preset)

export const flag = (preset: boolean) =>
  z
    .enum(['true', 'false', '1', '0'], 'must be true or false')
    .transform((value) => value === 'true' || value === '1')
    .default(preset)

/** Comma separated; blanks around an entry are dropped. */
export const list = (preset: readonly string[]) =>
  z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((entry) => entry.trim())
        .filter(Boolean),
    )
    .default([...preset])

/** Has no default on purpose: only the stack on a laptop invents secrets. */
export const secret = (minBytes: number) =>
  z
    .string()
    .refine(
      (value) => Buffer.byteLength(value) >= minBytes,
      `must be at least ${minBytes} bytes long`,
    )

/** Key material of exactly `bytes` bytes, given in base64 or base64url. */
export const secretKey = (bytes: number) =>
  z
    .string()
    .transform((text) => new Uint8Array(Buffer.from(text, 'base64')))
    .refine((key) => key.byteLength === bytes, `must be ${bytes} bytes in base64`)

const keyEntry = /^([\w-]{1,32}):([A-Za-z0-9_-]{43}=?)$/

/** `id:key,older:key`: 32 bytes each in base64url. The first encrypts, every one decrypts. */
export const keyRing = list([])
  .refine((entries) => entries.length > 0, 'is required')
  .refine((entries) => entries.every((entry) => keyEntry.test(entry)), 'must be id:key,id:key')
  .transform((entries) =>
    entries.map((entry) => {
      const [, id = '', key = ''] = keyEntry.exec(entry) ?? []
      return { id, key: new Uint8Array(Buffer.from(key, 'base64url')) }
    }),
  )

export const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' })

const localHosts = ['localhost', '127.0.0.1', '[::1]']

/** Plain http would show passwords, codes and tokens to the network; on one machine there is none. */
export const secureUrl = httpUrl.refine(
  (text) => text.startsWith('https:') || localHosts.includes(URL.parse(text)?.hostname ?? ''),
  'must be https (http is for localhost only)',
)

export const databaseUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'must be a postgres:// URL',
})

export const logLevel = z
  .enum(['debug', 'info', 'warn', 'error', 'silent'], 'must be debug, info, warn, error or silent')
  .default('info')

const json = (what: string) =>
  z.string().transform((text, context) => {
    try {
      return JSON.parse(text)
    } catch {
      context.addIssue({ code: 'custom', message: `must be ${what}` })
      return z.NEVER
    }
  })

const ed25519 = { kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string().min(1) }
const privateKey = z.object(
  { ...ed25519, kid: z.string().min(1), d: z.string().min(1) },
  'must be a private Ed25519 key with a kid',
)
const publicKey = z.object(
  { ...ed25519, kid: z.string().min(1) },
  'must be public Ed25519 keys with a kid',
)

const shape = <Schema extends z.ZodType>(schema: Schema, what: string) =>
  json(what)
    .refine((value) => schema.safeParse(value).success, `must be ${what}`)
    .pipe(schema)

/** A private Ed25519 JSON Web Key with a `kid`, as JSON text. */
export const privateJwk = shape(privateKey, 'a private Ed25519 JSON Web Key with a kid')

/** A JSON Web Key Set (`{"keys":[…]}`) of public Ed25519 keys; private parts are dropped. */
export const publicJwks = shape(
  z.object({ keys: z.array(publicKey).min(1) }),
  'a JSON Web Key Set of Ed25519 keys with a kid',
).transform(({ keys }) => keys)
