import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createPrivateKey } from 'node:crypto'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { createVerifier } from '#kit/identity-token'
import { type Guard, guards } from '../../../identity/guards.ts'
import { type Attacks, bearing } from './attack.ts'
import { claimAttacks } from './claims.ts'
import { doorAttacks } from './door.ts'
import { encoded, signed } from './forge.ts'
import { introspectionAttacks, keyAttacks } from './key.ts'
import { proofAttacks } from './proof.ts'
import { signatureAttacks } from './signature.ts'
import { goodHeader, isLooted, newWorld, type Variant, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await newWorld()
})
afterAll(() => world.stop())

const outside = { alg: 'EdDSA', typ: 'at+jwt', kid: 'inner' }

const families: Readonly<Record<string, Attacks>> = {
  'a signature, or the key that it is checked by': signatureAttacks,
  'what a token says, or how it is written': claimAttacks,
  'which credential a request carries': doorAttacks,
  'a token that is bound to a key': proofAttacks,
  'an API key': keyAttacks,
  'a token that the provider explains': introspectionAttacks,
}

for (const [family, attacks] of Object.entries(families))
  describe(`an attack on ${family}`, () => {
    for (const [name, { source, guard, twin = {}, settings = {}, request }] of Object.entries(
      attacks,
    ))
      test(`${name} (${source})`, async () => {
        const sent = await request(world)
        const answer = await world.ask(sent, settings)
        expect(answer.status === 200 ? 'nobody' : answer.status).toBeOneOf(['nobody', 400, 401])
        expect(await isLooted(answer)).toBe(false)
        if (guard)
          expect(await isLooted(await world.ask(sent, { ...settings, ...twin }))).toBe(false)
        const guards = guard ? [guard] : []
        expect(await isLooted(await world.ask(sent, { ...settings, ...twin, guards }))).toBe(true)
      })
  })

describe('a flood of 10,000 tokens with key ids that nobody knows', () => {
  const flood = (count: number, variant: Variant = {}) => {
    const [, payload] = world.token().split('.')
    const tokens = Array.from({ length: count }, () => {
      const header = encoded({ ...goodHeader, kid: crypto.randomUUID() })
      return `${header}.${payload}.${'A'.repeat(86)}`
    })
    return Promise.all(
      tokens.map(async (token) => (await world.ask(bearing(token), variant)).status),
    )
  }
  const counts = () => world.provider.counts.keys

  test('asks the provider for its keys once in 30 seconds (RFC 8725 section 3.10, CWE-406)', async () => {
    const asked = async (offsetMs: number, tokens: number) => {
      const before = counts()
      world.clock.offsetMs = offsetMs
      expect(new Set(await flood(tokens))).toEqual(new Set([401]))
      world.clock.offsetMs = 0
      return counts() - before
    }
    expect(await asked(100_000, 1)).toBe(1)
    expect(await asked(100_000, 5_000)).toBe(0)
    expect(await asked(115_000, 2_500)).toBe(0)
    expect(await asked(131_000, 2_500)).toBe(1)
  })

  test('and would ask for each of them without that pause', async () => {
    const before = counts()
    for (let sent = 0; sent < 20; sent += 1) await flood(1, { guards: ['key-set-cooldown'] })
    expect(counts() - before).toBeGreaterThanOrEqual(20)
  })
})

test('a token of outside is nobody’s at a subgraph, also where one key pair serves both', async () => {
  const { provider, innerKey, claims } = world
  const { d: _, ...publicJwk } = innerKey
  const key = createPrivateKey({ key: { ...innerKey }, format: 'jwk' })
  const token = signed(outside, claims({ aud: ['plexus-api', 'vault'] }), key)
  const now = () => new Date()
  const { issuer } = provider
  const subgraph = createVerifier({ publicJwks: [publicJwk], audience: 'vault', issuer, now })
  await expect(subgraph.verify(token)).rejects.toThrow('not valid')
  // The same checks without that of the type.
  const naive = await jwtVerify(token, createLocalJWKSet({ keys: [publicJwk] }), {
    ...{ audience: 'vault', issuer, algorithms: ['EdDSA'] },
  })
  expect(naive.payload.sub).toBeDefined()
})

test('nobody was ever asked for a key whose address a token brought', async () => {
  const before = world.evil.counts.asked
  for (const header of [{ jku: `${world.evil.url}/jwks` }, { x5u: `${world.evil.url}/pem` }])
    expect((await world.ask(bearing(world.token({}, header)))).status).toBe(401)
  expect(world.evil.counts.asked).toBe(before)
})

/** A member of the token's family of guards that only a count shows. */
const counted: readonly Guard[] = ['key-set-cooldown']

test('every guard of this family has an attack that it alone stops', () => {
  const all = [guards.token, guards.proof, guards.key, guards.introspection, guards.door].flat()
  const attacked = Object.values(families)
    .flatMap((attacks) => Object.values(attacks))
    .map(({ guard }) => guard)
  expect(all.filter((guard) => !attacked.includes(guard) && !counted.includes(guard))).toEqual([])
})
