import { z } from 'zod'

const Env = z
  .object({
    CI: z.string().default(''),
    PLEXUS_CHROMIUM: z.string().optional(),
    PLEXUS_TEST_POSTGRES: z.string().optional(),
    PLEXUS_TEST_KEYCLOAK: z.string().optional(),
  })
  .transform((env) => ({
    /** In continuous integration nothing that is missing may be skipped. */
    isCi: !['', '0', 'false'].includes(env.CI),
    /** Path of a browser; null looks for one. */
    chromium: env.PLEXUS_CHROMIUM ?? null,
    /** URL of a PostgreSQL's superuser; null starts one. */
    testPostgres: env.PLEXUS_TEST_POSTGRES ?? null,
    /** URL of a Keycloak with the client that administers it; null starts one. */
    testKeycloak: env.PLEXUS_TEST_KEYCLOAK ?? null,
  }))

export type CheckConfig = z.output<typeof Env>

export const configFrom = (env: Record<string, string | undefined>): CheckConfig => Env.parse(env)
