import { type Material, newPassword } from '../secrets/material.ts'
import { secretTable } from '../secrets/table.ts'

const at = (material: Material, name: string, key: string): string =>
  secretTable.find((row) => row.name === name)?.values(material)[key] ?? ''

/** Every variable of `.env`, with the secrets of an installation; `given` says the others. */
export const environmentOf = (material: Material, given: Readonly<Record<string, string>>) => ({
  DOMAIN: given.DOMAIN ?? '',
  POSTGRES_PASSWORD: material.passwords.postgres,
  USERS_DATABASE_PASSWORD: material.passwords.users,
  BOOKINGS_DATABASE_PASSWORD: material.passwords.bookings,
  BILLING_DATABASE_PASSWORD: material.passwords.billing,
  AUTH_DATABASE_PASSWORD: material.passwords.auth,
  GATEWAY_DATABASE_PASSWORD: material.passwords.gateway,
  KEYCLOAK_DATABASE_PASSWORD: material.passwords.keycloak,
  KEYCLOAK_ADMIN_PASSWORD: material.passwords['keycloak-admin'],
  PLEXUS_WEB_SECRET: material.passwords['web-client'],
  PLEXUS_PARTNER_SECRET: material.passwords['partner-client'],
  PLEXUS_ADMIN_SECRET: material.passwords['accounts-client'],
  SESSION_KEYS: material.rings.session,
  LETTER_KEYS: material.rings.letter,
  SLOT_TOKEN_SECRET: material.passwords['slot-token'],
  IDENTITY_PRIVATE_JWK: at(material, 'gateway-secret', 'IDENTITY_PRIVATE_JWK'),
  IDENTITY_PUBLIC_JWKS: at(material, 'users-secret', 'IDENTITY_PUBLIC_JWKS'),
  STRIPE_SECRET_KEY: at(material, 'billing-secret', 'STRIPE_SECRET_KEY'),
  STRIPE_WEBHOOK_SECRET: at(material, 'billing-secret', 'STRIPE_WEBHOOK_SECRET'),
  S3_PASSWORD: newPassword(),
  ACME_EMAIL: given.ACME_EMAIL ?? '',
  SMTP_URL: given.SMTP_URL ?? '',
})

/** Single quotes keep JSON as it is; none of our values has one in it. */
export const environmentText = (environment: Readonly<Record<string, string>>): string =>
  Object.entries(environment)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('')
