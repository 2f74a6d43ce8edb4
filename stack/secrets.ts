import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { z } from 'zod'
import { databaseServices } from '#schema/subgraphs'
import { StartError } from './start-error.ts'

/** Everything that must stay secret and the same over restarts. Only the stack on one machine invents it. */
export type Secrets = {
  readonly databasePasswords: Readonly<Record<string, string>>
  /** Ed25519: signs the identity tokens between the gateway and the subgraphs. */
  readonly identityJwk: JWK
  /** ES256: signs what the embedded OpenID provider issues. */
  readonly providerJwk: JWK
  readonly providerCookieKey: string
  readonly clientSecret: string
  /** 32 bytes in base64url: encrypts the provider's tokens in the session table. */
  readonly sessionKey: string
  /** 32 bytes in base64url: encrypts the secrets of second factors. */
  readonly totpKey: string
  /** 32 bytes in base64url: encrypts the tokens in letters on their way. */
  readonly letterKey: string
  readonly slotTokenSecret: string
  /** Of the clients of a Keycloak on this machine: the one that keeps accounts, the demo's partner. */
  readonly keycloakAccountsSecret: string
  readonly keycloakPartnerSecret: string
  /** What the Stripe sandbox of this machine expects and signs with. */
  readonly stripeSecretKey: string
  readonly stripeWebhookSecret: string
}

const random = () => randomBytes(32).toString('base64url')

async function privateJwk(algorithm: 'EdDSA' | 'ES256'): Promise<JWK> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true })
  return {
    ...(await exportJWK(privateKey)),
    kid: random().slice(0, 12),
    alg: algorithm,
    use: 'sig',
  }
}

/** New secrets, for a first start or a test. */
export const newSecrets = async (): Promise<Secrets> => ({
  databasePasswords: Object.fromEntries(databaseServices.map((name) => [name, random()])),
  identityJwk: await privateJwk('EdDSA'),
  providerJwk: await privateJwk('ES256'),
  providerCookieKey: random(),
  clientSecret: random(),
  sessionKey: random(),
  totpKey: random(),
  letterKey: random(),
  slotTokenSecret: random(),
  keycloakAccountsSecret: random(),
  keycloakPartnerSecret: random(),
  stripeSecretKey: `sk_test_${random()}`,
  stripeWebhookSecret: `whsec_${random()}`,
})

/** The parts that are read; a later release may know more, an earlier one made fewer. */
const Known = z
  .object({
    databasePasswords: z.record(z.string(), z.string().min(1)),
    identityJwk: z.looseObject({ kty: z.string(), kid: z.string(), d: z.string() }),
    providerJwk: z.looseObject({ kty: z.string(), kid: z.string(), d: z.string() }),
    providerCookieKey: z.string().min(1),
    clientSecret: z.string().min(1),
    sessionKey: z.string().min(1),
    totpKey: z.string().min(1),
    letterKey: z.string().min(1),
    slotTokenSecret: z.string().min(1),
    keycloakAccountsSecret: z.string().min(1),
    keycloakPartnerSecret: z.string().min(1),
    stripeSecretKey: z.string().min(1),
    stripeWebhookSecret: z.string().min(1),
  })
  .partial()

const isKnown = (value: unknown): value is Partial<Secrets> => Known.safeParse(value).success

async function knownIn(file: string): Promise<Partial<Secrets>> {
  if (!existsSync(file)) return {}
  const value = await Promise.try(async () => JSON.parse(await readFile(file, 'utf8'))).catch(
    () => null,
  )
  if (isKnown(value)) return value
  throw new StartError(
    `${file} cannot be read: put it back, or delete it to get new secrets; everybody signs in again then.`,
  )
}

/**
 * The secrets of this data folder, made on first use, readable by their owner only. Throws
 * StartError for a file that is damaged.
 */
export async function secretsIn(dataDir: string): Promise<Secrets> {
  const file = `${dataDir}/secrets.json`
  const known = await knownIn(file)
  const fresh = await newSecrets()
  // A later release may need one that an earlier one did not make.
  const secrets: Secrets = {
    ...fresh,
    ...known,
    databasePasswords: { ...fresh.databasePasswords, ...known.databasePasswords },
  }
  await mkdir(dirname(file), { recursive: true })
  await writeFile(`${file}.new`, JSON.stringify(secrets, null, 2), { mode: 0o600 })
  await rename(`${file}.new`, file)
  return secrets
}

/** The public half of a private key, as verifiers need it. */
export const publicJwk = ({ d: _private, ...rest }: JWK): JWK => rest
