import { resolve } from 'node:path'

type Environment = Readonly<Record<string, string>>
type ConfigModule = { configFrom(env: Environment): unknown }

/** What a cluster sets beside the secrets, in the smallest form that each service takes. */
const settings: Readonly<Record<string, Environment>> = {
  users: { PUBLIC_ORIGIN: 'https://plexus.example', SMTP_URL: 'smtp://mail.ops:25?tls=offered' },
  bookings: {},
  billing: { PUBLIC_ORIGIN: 'https://plexus.example' },
  auth: { EMBEDDED_PROVIDER: 'false', KEYCLOAK_URL: 'https://login.plexus.example' },
  gateway: {
    PUBLIC_ORIGIN: 'https://plexus.example',
    OIDC_ISSUER: 'https://login.plexus.example/realms/plexus',
    OIDC_PROVIDER_KIND: 'external',
  },
}

export const serviceNames = ['users', 'bookings', 'billing', 'auth', 'gateway'] as const
export type ServiceName = (typeof serviceNames)[number]

/** Throws ConfigError where the service would not start with this environment. */
export async function configOf(service: ServiceName, environment: Environment) {
  const folder = service === 'gateway' ? 'gateway' : `subgraphs/${service}`
  const file = resolve(import.meta.dir, '../..', folder, 'config.ts')
  const { configFrom }: ConfigModule = await import(file)
  return configFrom(environment)
}

/** Throws ConfigError where the service would not start with this Secret. */
export const startWith = (service: ServiceName, secret: Environment) =>
  configOf(service, { ...settings[service], ...secret })
