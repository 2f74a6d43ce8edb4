import { z } from 'zod'
import { parseConfig, secret } from '#kit/config'
import { databaseEnv, databaseSettings } from '#kit/database-config'
import { databaseServices } from '#schema/subgraphs'

const passwordKey = (service: string) => `${service.toUpperCase()}_DATABASE_PASSWORD`

/** The role svc_… of each service logs in with it. */
const passwordEnv = Object.fromEntries(
  databaseServices.map((service) => [passwordKey(service), secret(8)]),
)

const Env = z
  .object({
    /** A superuser, or who may create databases, roles and extensions. */
    DATABASE_ADMIN_URL: databaseEnv.DATABASE_URL,
    DATABASE_CA_FILE: databaseEnv.DATABASE_CA_FILE,
    /** With it the role and the database of Keycloak are made on the same server. */
    KEYCLOAK_DATABASE_PASSWORD: secret(8).optional(),
    /** With it the role that metrics of the server are read with. */
    MONITOR_DATABASE_PASSWORD: secret(8).optional(),
  })
  .transform((env) => {
    const { url, tls } = databaseSettings({
      DATABASE_URL: env.DATABASE_ADMIN_URL,
      DATABASE_CA_FILE: env.DATABASE_CA_FILE,
      STATEMENT_TIMEOUT_MS: 0,
    })
    return {
      url,
      tls,
      keycloakPassword: env.KEYCLOAK_DATABASE_PASSWORD ?? null,
      monitorPassword: env.MONITOR_DATABASE_PASSWORD ?? null,
    }
  })

const Passwords = z.object(passwordEnv)

export type MigrateConfig = z.output<typeof Env> & {
  readonly passwordOf: (service: string) => string
}

/** Throws ConfigError that names every bad variable at once. */
export function migrateConfigFrom(env: Record<string, string | undefined>): MigrateConfig {
  const passwords = parseConfig(Passwords, env)
  const passwordOf = (service: string) => passwords[passwordKey(service)] ?? ''
  return { ...parseConfig(Env, env), passwordOf }
}
