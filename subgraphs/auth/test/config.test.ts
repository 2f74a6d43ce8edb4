import { describe, expect, test } from 'bun:test'
import { ConfigError } from '#kit/config'
import { testIdentity } from '../../../stack/testing/subgraph.ts'
import { configFrom } from '../config.ts'
import { signingKey } from './world.ts'

const good = async () => ({
  DATABASE_URL: 'postgres://svc_auth:secret@db/plexus',
  IDENTITY_PUBLIC_JWKS: JSON.stringify({ keys: (await testIdentity()).publicJwks }),
  PROVIDER_ISSUER: 'https://id.example.org',
  PROVIDER_JWKS: JSON.stringify({ keys: [await signingKey()] }),
  PROVIDER_COOKIE_KEYS: 'k'.repeat(32),
  PROVIDER_CLIENT_SECRET: 'a secret of sixteen bytes',
  LETTER_KEYS: `now:${'k'.repeat(43)}`,
  TOTP_KEYS: `now:${'k'.repeat(43)}`,
  PROVIDER_REDIRECT_URIS: 'https://app.example.org/auth/callback',
})

function faultsOf(env: Record<string, string | undefined>): readonly string[] {
  try {
    configFrom(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.variables
    throw error
  }
}

describe('configuration', () => {
  test('has everything that the provider needs', async () => {
    const { provider, bootstrapAdmin } = configFrom(await good())
    expect(provider).toMatchObject({
      port: 3001,
      issuer: 'https://id.example.org',
      client: { id: 'plexus-web', redirectUris: ['https://app.example.org/auth/callback'] },
    })
    expect(bootstrapAdmin).toBeNull()
  })

  test('with accounts in Keycloak needs where it is and a secret for it', async () => {
    const { DATABASE_URL, IDENTITY_PUBLIC_JWKS, LETTER_KEYS } = await good()
    const without = { DATABASE_URL, IDENTITY_PUBLIC_JWKS, LETTER_KEYS, EMBEDDED_PROVIDER: 'false' }
    expect(configFrom(without).keycloak).toBeNull()
    const url = { ...without, KEYCLOAK_URL: 'https://id.example.org/' }
    expect(faultsOf(url)).toEqual(['KEYCLOAK_CLIENT_SECRET'])
    expect(faultsOf({ ...url, KEYCLOAK_URL: 'http://id.example.org' })).toContain('KEYCLOAK_URL')
    const secret = 'a secret of sixteen bytes'
    expect(configFrom({ ...url, KEYCLOAK_CLIENT_SECRET: secret }).keycloak).toEqual({
      ...{ origin: 'https://id.example.org', realm: 'plexus', clientId: 'plexus-admin' },
      ...{ clientSecret: secret, pollMs: 2_000 },
    })
    expect(configFrom({ ...(await good()), KEYCLOAK_URL: 'https://id.example.org' }).keycloak).toBe(
      null,
    )
  })

  test('without the embedded provider needs none of its settings', async () => {
    const { DATABASE_URL, IDENTITY_PUBLIC_JWKS, LETTER_KEYS } = await good()
    const own = { DATABASE_URL, IDENTITY_PUBLIC_JWKS, LETTER_KEYS }
    const env = { ...own, EMBEDDED_PROVIDER: 'false' }
    expect(configFrom(env).provider).toBeNull()
  })

  test.each([
    ['PROVIDER_ISSUER', 'http://id.example.org'],
    ['PROVIDER_JWKS', '{"keys":[]}'],
    ['PROVIDER_JWKS', 'not json'],
    ['PROVIDER_COOKIE_KEYS', 'short'],
    ['PROVIDER_COOKIE_KEYS', undefined],
    ['PROVIDER_CLIENT_SECRET', 'short'],
    ['PROVIDER_REDIRECT_URIS', undefined],
    ['TOTP_KEYS', undefined],
    ['TOTP_KEYS', 'now:short'],
    ['PASSKEY_DOMAIN', 'example.com'],
    ['PROVIDER_REDIRECT_URIS', 'http://app.example.org/auth/callback'],
    ['BOOTSTRAP_ADMIN_PASSWORD', 'password123'],
    ['LETTER_KEYS', undefined],
    ['PROOF_OF_WORK_BITS', '27'],
    ['CREDENTIAL_MAX_AGE_DAYS', '-1'],
    ['BREACH_LOOKUP_URL', 'http://breaches.example.org/range'],
  ])('%s = %p is named as the fault', async (variable, value) => {
    expect(faultsOf({ ...(await good()), [variable]: value })).toContain(variable)
  })

  test.each([
    ['https://id.example.org', 'https://app.example.org/', undefined, 'example.org', 2],
    ['https://id.example.org', 'https://app.example.org/', 'id.example.org', 'id.example.org', 1],
    ['https://example.org', 'https://app.example.org/', undefined, 'example.org', 2],
    ['https://id.example.org', 'https://app.example.com/', undefined, 'id.example.org', 1],
    ['http://localhost:3001', 'http://localhost:3000/', undefined, 'localhost', 2],
  ])('passkeys of %s and %s (domain %p) are for %s', async (issuer, app, domain, id, origins) => {
    const env = {
      ...(await good()),
      PROVIDER_ISSUER: issuer,
      PROVIDER_REDIRECT_URIS: `${app}auth/callback`,
      PASSKEY_DOMAIN: domain,
    }
    const relyingParty = configFrom(env).secondFactor?.relyingParty
    expect(relyingParty?.id).toBe(id)
    expect(relyingParty?.origins).toHaveLength(origins)
  })

  test('a bootstrap administrator has an e-mail and a password', async () => {
    const admin = { BOOTSTRAP_ADMIN_EMAIL: 'root@example.org' }
    expect(faultsOf({ ...(await good()), ...admin })).toEqual(['BOOTSTRAP_ADMIN_PASSWORD'])
    const both = { ...admin, BOOTSTRAP_ADMIN_PASSWORD: 'four unrelated warm words' }
    expect(configFrom({ ...(await good()), ...both }).bootstrapAdmin?.email).toBe(
      'root@example.org',
    )
  })
})
