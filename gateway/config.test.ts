import { describe, expect, test } from 'bun:test'
import { ConfigError } from '#kit/config'
import { generateIdentityKeys } from '#kit/identity-token'
import { configFrom } from './config.ts'

const { private: privateJwk } = await generateIdentityKeys('k1')
const key = Buffer.alloc(32, 7).toString('base64url')
const least = {
  DATABASE_URL: 'postgres://svc_gateway@localhost/plexus',
  SESSION_KEYS: `k1:${key}`,
  OIDC_ISSUER: 'https://id.plexus.test/realms/plexus',
  OIDC_CLIENT_SECRET: 'sixteen bytes at least',
  IDENTITY_PRIVATE_JWK: JSON.stringify(privateJwk),
}
const badIn = (env: Record<string, string>) => {
  try {
    configFrom({ ...least, ...env })
    return []
  } catch (error) {
    return error instanceof ConfigError ? error.variables : ['another error']
  }
}

describe('the configuration', () => {
  test('needs five variables, and names all that are missing at once', () => {
    expect(configFrom(least)).toMatchObject({ port: 3000, cookiePrefix: '__Host-' })
    try {
      configFrom({})
      throw new Error('It was accepted.')
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError)
      if (error instanceof ConfigError) {
        expect([...error.variables].sort()).toEqual(Object.keys(least).sort())
      }
    }
  })

  test.each([
    ['http://localhost:3000', true],
    ['http://localhost', true],
    ['http://127.0.0.1:3000', false],
    ['https://plexus.example', false],
    ['https://localhost', false],
  ])('takes cookies without a prefix at %s: %p', (PUBLIC_ORIGIN, accepted) => {
    const bad = badIn({ PUBLIC_ORIGIN, COOKIE_PREFIX: 'none' })
    expect(bad).toEqual(accepted ? [] : ['COOKIE_PREFIX'])
  })

  test.each([
    ['http://localhost:3000', 'true', true],
    ['http://127.0.0.1:3000', 'true', false],
    ['https://plexus.example', 'true', false],
    ['https://plexus.example', 'false', true],
  ])('at %s takes EXPLORE_FROM_LOCALHOST=%s: %p', (PUBLIC_ORIGIN, explore, accepted) => {
    const bad = badIn({ PUBLIC_ORIGIN, EXPLORE_FROM_LOCALHOST: explore })
    expect(bad).toEqual(accepted ? [] : ['EXPLORE_FROM_LOCALHOST'])
  })

  test.each([
    ['OIDC_ISSUER', 'http://id.plexus.test'],
    ['PUBLIC_ORIGIN', 'http://plexus.test'],
    ['PUBLIC_ORIGIN', 'https://plexus.test/app'],
    ['ALLOWED_ORIGINS', 'https://shop.test,*'],
    ['COOKIE_PREFIX', '__Secure-'],
    ['SESSION_KEYS', 'k1:short'],
    ['SESSION_KEYS', key],
    ['OIDC_CLIENT_SECRET', 'short'],
    ['SUBGRAPH_URLS', 'users:http://users:4001'],
    ['DEFAULT_LOCALE', 'de'],
    ['GATEWAY_PORT', '0'],
    ['TRUSTED_PROXIES', '-1'],
    ['DRAIN_NOTICE_MS', '-1'],
    ['HEARTBEAT_MS', '0'],
    ['HEARTBEAT_MS', '60001'],
    ['STREAMS_PER_CALLER_MAX', '0'],
    ['STREAM_MAX_AGE_MS', 'never'],
    ['SUBGRAPH_CONCURRENCY_MAX', '0'],
    ['SUBGRAPH_RETRIES_MAX', '-1'],
    ['SUBGRAPH_RETRIES_MAX', 'often'],
    ['SUBGRAPH_HEDGE_MS', '0'],
    ['SUBGRAPH_SHARING', 'sometimes'],
    ['IDENTITY_PRIVATE_JWK', '{"kty":"oct","k":"secret"}'],
  ])('refuses %s=%s', (variable, value) => {
    expect(badIn({ [variable]: value })).toEqual([variable])
  })

  test('knows every subgraph, at home unless it is told otherwise', () => {
    const { subgraphs } = configFrom({ ...least, SUBGRAPH_URLS: 'users=http://users:80/graphql' })
    expect(subgraphs).toContainEqual({ name: 'users', url: 'http://users:80/graphql' })
    expect(subgraphs).toContainEqual({ name: 'auth', url: 'http://127.0.0.1:4004/graphql' })
  })

  test('keeps a stream open for an hour, with a sign of life every 15 seconds', () => {
    const { streams } = configFrom(least)
    expect(streams).toEqual({ heartbeatMs: 15_000, perCallerMax: 20, maxAgeMs: 3_600_000 })
  })

  test('protects subgraphs unless it is told otherwise; a query is asked twice on request only', () => {
    const { transport } = configFrom(least)
    expect(transport).toMatchObject({ sharing: true, retriesMax: 2, hedgeMs: null })
    expect(transport.breaker).not.toBeNull()
    const off = {
      ...{ SUBGRAPH_SHARING: 'false', SUBGRAPH_RETRIES_MAX: '0', SUBGRAPH_BREAKER: 'false' },
      ...{ SUBGRAPH_HEDGE_MS: '20' },
    }
    expect(configFrom({ ...least, ...off }).transport).toMatchObject({
      ...{ sharing: false, retriesMax: 0, breaker: null, hedgeMs: 20 },
    })
  })

  test('keeps the order of the keys: the first one seals', () => {
    const { session } = configFrom({ ...least, SESSION_KEYS: `new:${key}, old:${key}` })
    expect(session.keys.map(({ id }) => id)).toEqual(['new', 'old'])
    expect(session.keys[0]?.key.byteLength).toBe(32)
  })

  test('never shows a secret in its complaint', () => {
    try {
      configFrom({ ...least, SESSION_KEYS: 'k1:hunter2', OIDC_CLIENT_SECRET: 'hunter2' })
      throw new Error('It was accepted.')
    } catch (error) {
      expect(String(error)).not.toContain('hunter2')
    }
  })
})
