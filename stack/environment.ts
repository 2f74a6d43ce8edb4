import { databaseServices } from '#schema/subgraphs'
import { publicJwk, type Secrets } from './secrets.ts'

export type ServiceName = (typeof databaseServices)[number]
export type Environment = Record<string, string>

export type StripeAccount = {
  readonly secretKey: string
  readonly webhookSecret: string
  readonly apiUrl: string | null
}

/** A realm of Keycloak that signs people in and keeps their accounts. */
export type KeycloakRealm = {
  readonly origin: string
  readonly realm: string
  readonly webSecret: string
  readonly accountsSecret: string
}

export type EnvironmentOptions = {
  readonly secrets: Secrets
  readonly databaseUrl: (service: ServiceName) => string
  readonly ports: { readonly gateway: number; readonly provider: number; readonly metrics: number }
  readonly webFolder: string
  /** Where mails go: an SMTP server, or without one a folder in which each is a file. */
  readonly mail: { readonly smtpUrl: string | null; readonly folder: string }
  /** Which Stripe takes payments: with a URL, one that is not the real one. */
  readonly stripe: StripeAccount
  /** The first administrator, made when there is none. */
  readonly admin: { readonly email: string; readonly password: string }
  /** Development: browser sessions from localhost may send free text. */
  readonly watch: boolean
  readonly logLevel: string
  /** Base URL of an OTLP/HTTP collector; without it spans are not sent. */
  readonly traceEndpoint?: string | null
  /** Without it the embedded provider signs people in. */
  readonly keycloak?: KeycloakRealm | null
  /** `none` where a browser keeps no `__Host-` cookie of http://localhost. */
  readonly cookiePrefix?: string | null
}

/**
 * What each service of one machine would find in its environment. The services parse it exactly as they do in
 * production, so nothing here can be set that a deployment could not set.
 */
export function environmentsOf(options: EnvironmentOptions): Record<ServiceName, Environment> {
  const { secrets, databaseUrl } = options
  const identity = JSON.stringify({ keys: [publicJwk(secrets.identityJwk)] })
  const own: Partial<Record<ServiceName, Environment>> = {
    users: usersOnly(options),
    bookings: { SLOT_TOKEN_SECRET: secrets.slotTokenSecret },
    billing: billingOnly(options),
    auth: authOnly(options),
    gateway: gatewayOnly(options),
  }
  const { traceEndpoint } = options
  const environmentOf = (service: ServiceName): Environment => ({
    LOG_LEVEL: options.logLevel,
    LISTEN_HOST: '127.0.0.1',
    DATABASE_URL: databaseUrl(service),
    IDENTITY_PUBLIC_JWKS: identity,
    ...(traceEndpoint && { OTEL_EXPORTER_OTLP_ENDPOINT: traceEndpoint }),
    ...own[service],
  })
  const rows = databaseServices.map((service) => [service, environmentOf(service)])
  // Every service has its row above; entries lose the names of their keys.
  return Object.fromEntries(rows) as Record<ServiceName, Environment>
}

const originOf = (port: number) => `http://localhost:${port}`

const usersOnly = ({ secrets, ports, mail }: EnvironmentOptions): Environment => ({
  LETTER_KEYS: `stack:${secrets.letterKey}`,
  PUBLIC_ORIGIN: originOf(ports.gateway),
  ...(mail.smtpUrl ? { SMTP_URL: mail.smtpUrl } : { MAIL_FOLDER: mail.folder }),
})

const billingOnly = ({ ports, stripe }: EnvironmentOptions): Environment => ({
  PUBLIC_ORIGIN: originOf(ports.gateway),
  STRIPE_SECRET_KEY: stripe.secretKey,
  STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
  ...(stripe.apiUrl && { STRIPE_API_URL: stripe.apiUrl }),
})

const authOnly = ({ secrets, keycloak, ...options }: EnvironmentOptions): Environment => ({
  LETTER_KEYS: `stack:${secrets.letterKey}`,
  PROBES: `website=${originOf(options.ports.gateway)}/readyz`,
  ...(keycloak ? keycloakOnly(keycloak) : providerOnly({ secrets, ...options })),
})

const keycloakOnly = ({ origin, realm, accountsSecret }: KeycloakRealm): Environment => ({
  EMBEDDED_PROVIDER: 'false',
  KEYCLOAK_URL: origin,
  KEYCLOAK_REALM: realm,
  KEYCLOAK_CLIENT_SECRET: accountsSecret,
})

const providerOnly = ({ secrets, ports, admin }: EnvironmentOptions): Environment => ({
  BOOTSTRAP_ADMIN_EMAIL: admin.email,
  BOOTSTRAP_ADMIN_PASSWORD: admin.password,
  PROVIDER_PORT: String(ports.provider),
  PROVIDER_HOSTNAME: '127.0.0.1',
  PROVIDER_ISSUER: originOf(ports.provider),
  PROVIDER_JWKS: JSON.stringify({ keys: [secrets.providerJwk] }),
  PROVIDER_COOKIE_KEYS: secrets.providerCookieKey,
  PROVIDER_CLIENT_SECRET: secrets.clientSecret,
  TOTP_KEYS: `stack:${secrets.totpKey}`,
  PROVIDER_REDIRECT_URIS: `${originOf(ports.gateway)}/auth/callback`,
  PROVIDER_POST_LOGOUT_REDIRECT_URIS: `${originOf(ports.gateway)}/`,
  PROVIDER_BACKCHANNEL_LOGOUT_URI: `${originOf(ports.gateway)}/auth/backchannel-logout`,
})

/** The provider as the gateway knows it. */
const openIdOf = ({ secrets, ports, keycloak }: EnvironmentOptions): Environment =>
  keycloak
    ? {
        OIDC_PROVIDER_KIND: 'external',
        OIDC_ISSUER: `${keycloak.origin}/realms/${keycloak.realm}`,
        OIDC_CLIENT_SECRET: keycloak.webSecret,
        BEARER_AUDIENCE: 'plexus-api',
      }
    : {
        OIDC_ISSUER: originOf(ports.provider),
        OIDC_CLIENT_SECRET: secrets.clientSecret,
        BEARER_AUDIENCE: 'plexus',
      }

const gatewayOnly = ({ secrets, ports, ...options }: EnvironmentOptions): Environment => ({
  GATEWAY_PORT: String(ports.gateway),
  GATEWAY_METRICS_PORT: String(ports.metrics),
  PUBLIC_ORIGIN: originOf(ports.gateway),
  SESSION_KEYS: `stack:${secrets.sessionKey}`,
  ...openIdOf({ secrets, ports, ...options }),
  IDENTITY_PRIVATE_JWK: JSON.stringify(secrets.identityJwk),
  EXPLORE_FROM_LOCALHOST: String(options.watch),
  WEB_FOLDER: options.webFolder,
  ...(options.cookiePrefix && { COOKIE_PREFIX: options.cookiePrefix }),
})
