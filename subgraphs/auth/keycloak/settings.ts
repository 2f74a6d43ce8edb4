import { z } from 'zod'
import { milliseconds, secret, secureUrl } from '#kit/config'

/** Read only where the embedded provider is off. */
export const keycloakEnv = {
  // Without it accounts are kept here, and another provider signs people in.
  KEYCLOAK_URL: secureUrl.optional(),
  KEYCLOAK_REALM: z.string().default('plexus'),
  KEYCLOAK_CLIENT_ID: z.string().default('plexus-admin'),
  KEYCLOAK_CLIENT_SECRET: secret(16).optional(),
  // How late what is done in Keycloak's own console may arrive here.
  KEYCLOAK_POLL_MS: milliseconds(2_000),
}

type KeycloakEnv = z.output<z.ZodObject<typeof keycloakEnv>>

export const keycloakTogether = (env: KeycloakEnv, context: z.RefinementCtx) => {
  if (!env.KEYCLOAK_URL || env.KEYCLOAK_CLIENT_SECRET) return
  const path = ['KEYCLOAK_CLIENT_SECRET']
  context.addIssue({ code: 'custom', path, message: 'goes together with KEYCLOAK_URL' })
}

/** Null where accounts are not in Keycloak. */
export const keycloakSettings = (env: KeycloakEnv) =>
  env.KEYCLOAK_URL && env.KEYCLOAK_CLIENT_SECRET
    ? {
        origin: env.KEYCLOAK_URL.replace(/\/$/, ''),
        realm: env.KEYCLOAK_REALM,
        clientId: env.KEYCLOAK_CLIENT_ID,
        clientSecret: env.KEYCLOAK_CLIENT_SECRET,
        pollMs: env.KEYCLOAK_POLL_MS,
      }
    : null

export type KeycloakSettings = NonNullable<ReturnType<typeof keycloakSettings>>
