import { z } from 'zod'
import { flag, httpUrl, keyRing, list, parseConfig, port, secret, secureUrl } from '#kit/config'
import { serviceEnv, serviceSettings } from '#kit/service'
import { accountEnv, accountSettings } from './account/settings.ts'
import { lengthProblem } from './credential/strength.ts'
import { probeEnv, probeSettings } from './health/settings.ts'
import {
  type KeycloakSettings,
  keycloakEnv,
  keycloakSettings,
  keycloakTogether,
} from './keycloak/settings.ts'
import { operationEnv, operationSettings } from './operation/settings.ts'
import { isWithin, relyingPartyFrom } from './passkey/relying-party.ts'

const signingKey = z.looseObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string().min(1),
  y: z.string().min(1),
  d: z.string().min(1),
  kid: z.string().min(1),
  alg: z.literal('ES256'),
})
const notKeys = 'must be a JSON Web Key Set of private P-256 keys with kid and alg ES256'

/** Private keys of the provider; the first signs, every one verifies. */
const providerJwks = z.string().transform((text, context) => {
  try {
    return z.object({ keys: z.array(signingKey).min(1) }).parse(JSON.parse(text)).keys
  } catch {
    context.addIssue({ code: 'custom', message: notKeys })
    return z.NEVER
  }
})

const cookieKeys = list([])
  .refine((keys) => keys.length > 0, 'is required')
  .refine((keys) => keys.every((key) => key.length >= 32), 'must be keys of at least 32 characters')

const providerEnv = {
  PROVIDER_PORT: port(3001),
  PROVIDER_HOSTNAME: z.string().default('0.0.0.0'),
  PROVIDER_ISSUER: secureUrl,
  PROVIDER_JWKS: providerJwks,
  PROVIDER_COOKIE_KEYS: cookieKeys,
  PROVIDER_AUDIENCE: z.string().default('plexus'),
  PROVIDER_TRUST_PROXY: flag(false),
  PROVIDER_CLIENT_ID: z.string().default('plexus-web'),
  PROVIDER_CLIENT_SECRET: secret(16),
  PROVIDER_REDIRECT_URIS: list([])
    .refine((uris) => uris.length > 0, 'is required')
    .pipe(z.array(secureUrl)),
  PROVIDER_POST_LOGOUT_REDIRECT_URIS: list([]).pipe(z.array(secureUrl)),
  PROVIDER_BACKCHANNEL_LOGOUT_URI: httpUrl.optional(),
  // Seals the secrets of second factors.
  TOTP_KEYS: keyRing,
  PASSKEY_DOMAIN: z.hostname().optional(),
}

const ServiceEnv = z.object({
  ...serviceEnv({ port: 4004, metricsPort: 9104 }),
  // False where Keycloak or another provider signs people in.
  EMBEDDED_PROVIDER: flag(true),
  ...accountEnv,
  ...operationEnv,
  ...probeEnv,
  BOOTSTRAP_ADMIN_EMAIL: z.email('must be an e-mail address').optional(),
  BOOTSTRAP_ADMIN_PASSWORD: z
    .string()
    .refine((password) => lengthProblem(password) === null, 'must keep the password policy')
    .optional(),
})

const together = (env: z.output<typeof ServiceEnv>, context: z.RefinementCtx) => {
  if (Boolean(env.BOOTSTRAP_ADMIN_EMAIL) === Boolean(env.BOOTSTRAP_ADMIN_PASSWORD)) return
  const path = [env.BOOTSTRAP_ADMIN_EMAIL ? 'BOOTSTRAP_ADMIN_PASSWORD' : 'BOOTSTRAP_ADMIN_EMAIL']
  context.addIssue({ code: 'custom', path, message: 'goes together with the other one' })
}

const settingsOf = (env: z.output<typeof ServiceEnv>) => ({
  ...serviceSettings(env),
  accounts: accountSettings(env),
  operations: operationSettings(env),
  probes: probeSettings(env),
  bootstrapAdmin:
    env.BOOTSTRAP_ADMIN_EMAIL && env.BOOTSTRAP_ADMIN_PASSWORD
      ? { email: env.BOOTSTRAP_ADMIN_EMAIL, password: env.BOOTSTRAP_ADMIN_PASSWORD }
      : null,
})

const ProviderEnv = ServiceEnv.extend(providerEnv)

/** A passkey works on its domain and below it: on our pages, or on none. */
const domainHoldsIssuer = (env: z.output<typeof ProviderEnv>, context: z.RefinementCtx) => {
  const { PASSKEY_DOMAIN: domain, PROVIDER_ISSUER: issuer } = env
  if (!domain || isWithin(domain, new URL(issuer).hostname)) return
  const message = 'must be the host of PROVIDER_ISSUER or a domain above it'
  context.addIssue({ code: 'custom', path: ['PASSKEY_DOMAIN'], message })
}

const WithProvider = ProviderEnv.superRefine(together)
  .superRefine(domainHoldsIssuer)
  .transform((env) => ({
    ...settingsOf(env),
    keycloak: null,
    provider: {
      port: env.PROVIDER_PORT,
      hostname: env.PROVIDER_HOSTNAME,
      issuer: env.PROVIDER_ISSUER,
      jwks: env.PROVIDER_JWKS,
      cookieKeys: env.PROVIDER_COOKIE_KEYS,
      audience: env.PROVIDER_AUDIENCE,
      trustProxy: env.PROVIDER_TRUST_PROXY,
      client: {
        id: env.PROVIDER_CLIENT_ID,
        secret: env.PROVIDER_CLIENT_SECRET,
        redirectUris: env.PROVIDER_REDIRECT_URIS,
        postLogoutRedirectUris: env.PROVIDER_POST_LOGOUT_REDIRECT_URIS,
        backchannelLogoutUri: env.PROVIDER_BACKCHANNEL_LOGOUT_URI,
      },
    },
    secondFactor: {
      keys: env.TOTP_KEYS,
      relyingParty: relyingPartyFrom({
        domain: env.PASSKEY_DOMAIN,
        urls: [env.PROVIDER_ISSUER, ...env.PROVIDER_REDIRECT_URIS],
      }),
    },
  }))

const WithoutProvider = ServiceEnv.extend(keycloakEnv)
  .superRefine(together)
  .superRefine(keycloakTogether)
  .transform((env) => ({
    ...settingsOf(env),
    keycloak: keycloakSettings(env),
    provider: null,
    // Whoever keeps the accounts keeps their second factors.
    secondFactor: null,
  }))

type Embedded = z.output<typeof WithProvider>
type Own = 'provider' | 'secondFactor'
/** What goes with the embedded provider is null without it; `keycloak` is null with it. */
export type Config = Omit<Embedded, Own | 'keycloak'> & {
  readonly [Key in Own]: Embedded[Key] | null
} & { readonly keycloak: KeycloakSettings | null }

/** Throws ConfigError that names every bad variable at once. */
export const configFrom = (env: Record<string, string | undefined>): Config =>
  ['false', '0'].includes(env.EMBEDDED_PROVIDER ?? '')
    ? parseConfig(WithoutProvider, env)
    : parseConfig(WithProvider, env)
