import { describe, expect, test } from 'bun:test'
import { z } from 'zod'
import {
  ConfigError,
  count,
  databaseUrl,
  flag,
  httpUrl,
  list,
  logLevel,
  milliseconds,
  parseConfig,
  port,
  privateJwk,
  publicJwks,
  secret,
  secretKey,
} from '../config.ts'

const key = { kty: 'OKP', crv: 'Ed25519', kid: 'k1', x: 'public-part' } as const

const Env = z.object({
  PORT: port(4003),
  TIMEOUT_MS: milliseconds(2_000),
  ITEMS_MAX: count(25),
  TRUST: flag(false),
  ORIGINS: list(['http://localhost']),
  LOG_LEVEL: logLevel,
  COOKIE_SECRET: secret(8),
  SEAL_KEY: secretKey(4),
  ISSUER: httpUrl,
  DATABASE_URL: databaseUrl,
  SIGNING_KEY: privateJwk,
  VERIFY_KEYS: publicJwks,
})

const good = {
  COOKIE_SECRET: 'long enough',
  SEAL_KEY: 'AAECAw==',
  ISSUER: 'https://id.example.org',
  DATABASE_URL: 'postgres://svc:pw@localhost/plexus',
  SIGNING_KEY: JSON.stringify({ ...key, d: 'private-part' }),
  VERIFY_KEYS: JSON.stringify({ keys: [{ ...key, d: 'private-part' }] }),
}

const faultsOf = (env: Record<string, string | undefined>): ConfigError => {
  try {
    parseConfig(Env, { ...good, ...env })
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('The configuration was accepted.')
}

test('values are parsed and what is absent or empty takes its default', () => {
  const env = parseConfig(Env, { ...good, PORT: '', TRUST: '1', ORIGINS: 'a, b,', UNKNOWN: 'x' })
  expect(env).toMatchObject({
    PORT: 4003,
    TIMEOUT_MS: 2_000,
    ITEMS_MAX: 25,
    TRUST: true,
    ORIGINS: ['a', 'b'],
    LOG_LEVEL: 'info',
    SEAL_KEY: new Uint8Array([0, 1, 2, 3]),
  })
})

test('a public key set loses private parts that were pasted into it', () => {
  expect(parseConfig(Env, good).VERIFY_KEYS).toEqual([key])
  expect(parseConfig(Env, good).SIGNING_KEY).toHaveProperty('d', 'private-part')
})

test('every bad variable is named at once, a missing one as required', () => {
  const error = faultsOf({ PORT: '70000', COOKIE_SECRET: undefined, ISSUER: 'ftp://x' })
  expect(error.variables).toEqual(['PORT', 'COOKIE_SECRET', 'ISSUER'])
  expect(error.message).toBe(
    [
      'The configuration is not usable:',
      '  PORT: must be a port between 0 and 65535',
      '  COOKIE_SECRET: is required',
      '  ISSUER: must be an http or https URL',
    ].join('\n'),
  )
})

describe('a refused value', () => {
  const bad: [string, string][] = [
    ['PORT', '-1'],
    ['PORT', '4003.5'],
    ['PORT', '0x10'],
    ['TIMEOUT_MS', '0'],
    ['ITEMS_MAX', '1e3'],
    ['TRUST', 'yes'],
    ['LOG_LEVEL', 'loud'],
    ['COOKIE_SECRET', 'hunter2'],
    ['SEAL_KEY', 'c2hvcnQ='],
    ['DATABASE_URL', 'mysql://u:hunter2@h/db'],
    ['ISSUER', 'hunter2'],
    ['SIGNING_KEY', 'not json hunter2'],
    ['SIGNING_KEY', JSON.stringify(key)],
    ['VERIFY_KEYS', JSON.stringify([{ ...key, kty: 'hunter2' }])],
    ['VERIFY_KEYS', '{"keys":[]}'],
  ]
  test.each(bad)('%s=%s is named and not repeated', (variable, value) => {
    const error = faultsOf({ [variable]: value })
    expect(error.variables).toEqual([variable])
    expect(error.message).toContain('must be')
    expect(error.message).not.toContain('hunter2')
  })
})
