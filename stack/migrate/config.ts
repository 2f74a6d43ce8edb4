import { z } from 'zod'
import { parseConfig, secret } from '#kit/config'
import { databaseEnv, databaseSettings } from '#kit/database-config'
import { databaseServices } from '#schema/subgraphs'

const passwordKey = (service: string) => `${service.toUpperCase()}_DATABASE_PASSWORD`

/** The role svc_… of each service logs in with it. */
const passwordEnv = Object.fromEntries(
  databaseServices.map((service) => [passwordKey(service), secret(8)]),
)

const Passwords = z.object(passwordEnv)

const Env = z
  .object({
    ...passwordEnv,
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
    const passwords = Passwords.parse(env)
    return {
      url,
      tls,
      keycloakPassword: env.KEYCLOAK_DATABASE_PASSWORD ?? null,
      monitorPassword: env.MONITOR_DATABASE_PASSWORD ?? null,
      passwordOf: (service: string) => passwords[passwordKey(service)] ?? '',
    }
  })

export type MigrateConfig = z.output<typeof Env>

/** Throws ConfigError that names every bad variable at once. */
export const migrateConfigFrom = (env: Record<string, string | undefined>): MigrateConfig =>
  parseConfig(Env, env)
