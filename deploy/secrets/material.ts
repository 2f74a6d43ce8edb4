import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { databaseServices } from '#schema/subgraphs'
import { newSecrets } from '../../stack/secrets.ts'
import { newAuthority, newServerCertificate } from './authority.ts'
import type { Given } from './given.ts'

/** Passwords that programs give each other and nobody types. */
export const passwordNames = [
  ...databaseServices,
  'postgres',
  'replication',
  'monitor',
  'valkey',
  'keycloak',
  'keycloak-admin',
  'web-client',
  'accounts-client',
  'partner-client',
  'slot-token',
  // Stand where Stripe's own would: everything starts, and payments fail.
  'stripe',
  'stripe-webhook',
  'backup-cipher',
  'grafana',
  'receiver',
] as const
export type PasswordName = (typeof passwordNames)[number]

/** Rings of keys: the first encrypts, every one decrypts. */
export const ringNames = ['session', 'letter'] as const
export type RingName = (typeof ringNames)[number]

const Pair = z.object({ key: z.string().min(1), certificate: z.string().min(1) })

const Jwk = z.looseObject({ kty: z.string(), kid: z.string(), d: z.string() })

/** All that an installation must keep secret and the same, from which each Secret is written. */
const Material = z.object({
  passwords: z.record(z.enum(passwordNames), z.string().min(16)),
  rings: z.record(z.enum(ringNames), z.string().min(1)),
  // Between the gateway and the subgraphs: one signs, all are trusted.
  identity: z.object({ signing: Jwk, next: Jwk.nullable(), previous: Jwk.nullable() }),
  // Who signs the database server's certificate; its key goes to no cluster.
  authority: Pair,
  server: Pair,
  given: z.record(z.string(), z.string()),
})
export type Material = z.output<typeof Material>

/** A key of its own for identity tokens. */
export const newIdentityKey = async () => Jwk.parse((await newSecrets()).identityJwk)

const random = () => randomBytes(32).toString('base64url')

export const newPassword = random

/** The name of a key in its ring tells when it was made. */
export const ringEntry = (now: Date, key: string = random()) =>
  `k${now.toISOString().slice(0, 19).replace(/\D/g, '')}:${key}`

/** Everything new, for an installation that has nothing yet. */
export async function newMaterial(now: Date, given: Given): Promise<Material> {
  const stack = await newSecrets()
  const authority = await newAuthority()
  const known: Partial<Record<PasswordName, string>> = {
    ...stack.databasePasswords,
    'web-client': stack.clientSecret,
    'accounts-client': stack.keycloakAccountsSecret,
    'partner-client': stack.keycloakPartnerSecret,
    'slot-token': stack.slotTokenSecret,
    stripe: stack.stripeSecretKey,
    'stripe-webhook': stack.stripeWebhookSecret,
  }
  const passwords = passwordNames.map((name) => [name, known[name] ?? random()])
  return Material.parse({
    passwords: Object.fromEntries(passwords),
    rings: {
      session: ringEntry(now, stack.sessionKey),
      letter: ringEntry(now, stack.letterKey),
    },
    identity: { signing: stack.identityJwk, next: null, previous: null },
    authority,
    server: await newServerCertificate(authority),
    given,
  })
}

/**
 * What was kept, completed by what a later release needs and with `given` put in. Throws a ZodError
 * for what is no material.
 */
export async function materialFrom(kept: unknown, now: Date, given: Given): Promise<Material> {
  const fresh = await newMaterial(now, {})
  const found = z.record(z.string(), z.unknown()).parse(kept)
  const merged = Object.entries(fresh).map(([name, value]) => {
    const old = found[name]
    const both = isRecord(value) && isRecord(old) ? { ...value, ...old } : (old ?? value)
    return [name, both]
  })
  const material = Material.parse(Object.fromEntries(merged))
  return { ...material, given: { ...material.given, ...given } }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isPasswordName = (name: string): name is PasswordName =>
  passwordNames.some((known) => known === name)
export const isRingName = (name: string): name is RingName =>
  ringNames.some((known) => known === name)
