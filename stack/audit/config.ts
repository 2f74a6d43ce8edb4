import { join, resolve } from 'node:path'
import { z } from 'zod'
import { parseConfig, port } from '#kit/config'
import { databaseEnv, databaseSettings } from '#kit/database-config'

const Env = z
  .object({
    // Without one, the database of the stack on this machine.
    DATABASE_URL: databaseEnv.DATABASE_URL.optional(),
    DATABASE_CA_FILE: databaseEnv.DATABASE_CA_FILE,
    STATEMENT_TIMEOUT_MS: databaseEnv.STATEMENT_TIMEOUT_MS,
    POSTGRES_PORT: port(5433),
    PLEXUS_DATA: z.string().default(join(import.meta.dir, '../..', '.plexus')),
  })
  .transform(({ DATABASE_URL: url, ...env }) => ({
    database: url ? databaseSettings({ ...env, DATABASE_URL: url }) : null,
    local: { dataDir: resolve(env.PLEXUS_DATA), postgresPort: env.POSTGRES_PORT },
  }))

export type AuditConfig = z.output<typeof Env>

/** Throws ConfigError that names every bad variable at once. */
export const configFrom = (env: Record<string, string | undefined>): AuditConfig =>
  parseConfig(Env, env)
