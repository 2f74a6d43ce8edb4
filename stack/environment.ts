import type { databaseServices } from '#schema/subgraphs'
import { publicJwk, type Secrets } from './secrets.ts'

export type ServiceName = (typeof databaseServices)[number]
export type Environment = Record<string, string>

export type EnvironmentOptions = {
  readonly secrets: Secrets
  readonly databaseUrl: (service: ServiceName) => string
  readonly ports: { readonly gateway: number; readonly provider: number; readonly metrics: number }
  readonly webFolder: string
  /** The first administrator, made when there is none. */
  readonly admin: { readonly email: string; readonly password: string }
  /** Development: browser sessions from localhost may send free text. */
  readonly watch: boolean
  readonly logLevel: string
}

/**
 * What each service of one machine would find in its environment. The services parse it exactly as they do in
 * production, so nothing here can be set that a deployment could not set.
 */
export function environmentsOf(options: EnvironmentOptions): Record<ServiceName, Environment> {
  const { secrets, databaseUrl, ports, admin, watch, logLevel } = options
  const origin = `http://localhost:${ports.gateway}`
  const issuer = `http://localhost:${ports.provider}`
  const identity = JSON.stringify({ keys: [publicJwk(secrets.identityJwk)] })
  const shared = { LOG_LEVEL: logLevel, LISTEN_HOST: '127.0.0.1' }
  const subgraph = (service: ServiceName) => ({
    ...shared,
    DATABASE_URL: databaseUrl(service),
    IDENTITY_PUBLIC_JWKS: identity,
  })
  return {
    users: subgraph('users'),
    bookings: { ...subgraph('bookings'), SLOT_TOKEN_SECRET: secrets.slotTokenSecret },
    auth: {
      ...subgraph('auth'),
      BOOTSTRAP_ADMIN_EMAIL: admin.email,
      BOOTSTRAP_ADMIN_PASSWORD: admin.password,
      PROVIDER_PORT: String(ports.provider),
      PROVIDER_HOSTNAME: '127.0.0.1',
      PROVIDER_ISSUER: issuer,
      PROVIDER_JWKS: JSON.stringify({ keys: [secrets.providerJwk] }),
      PROVIDER_COOKIE_KEYS: secrets.providerCookieKey,
      PROVIDER_CLIENT_SECRET: secrets.clientSecret,
      PROVIDER_REDIRECT_URIS: `${origin}/auth/callback`,
      PROVIDER_POST_LOGOUT_REDIRECT_URIS: `${origin}/`,
      PROVIDER_BACKCHANNEL_LOGOUT_URI: `${origin}/auth/backchannel-logout`,
    },
    gateway: {
      ...shared,
      DATABASE_URL: databaseUrl('gateway'),
      GATEWAY_PORT: String(ports.gateway),
      GATEWAY_METRICS_PORT: String(ports.metrics),
      PUBLIC_ORIGIN: origin,
      SESSION_KEYS: `stack:${secrets.sessionKey}`,
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_SECRET: secrets.clientSecret,
      BEARER_AUDIENCE: 'plexus',
      IDENTITY_PRIVATE_JWK: JSON.stringify(secrets.identityJwk),
      EXPLORE_FROM_LOCALHOST: String(watch),
      WEB_FOLDER: options.webFolder,
    },
  }
}
