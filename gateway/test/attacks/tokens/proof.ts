import { createHash, randomUUID } from 'node:crypto'
import type { Guard } from '../../../identity/guards.ts'
import { publicOrigin } from '../../edge-harness.ts'
import type { Attack, Attacks } from './attack.ts'
import { newPair, type Pair, proofOf, seconds } from './forge.ts'
import { address, question, type World } from './world.ts'

type Bend = Partial<Parameters<typeof proofOf>[0]>

const bound = (token: string, proof: string, headers: HeadersInit = {}) =>
  question({
    authorization: `DPoP ${token}`,
    headers: { ...Object.fromEntries(new Headers(headers)), dpop: proof },
  })

const checks = 'RFC 9449 section 4.3'

/** Whoever attacks has a token and a proof that the program made for something else. */
const bending = (
  guard: Guard,
  bend: (pair: Pair, world: World) => Bend | Promise<Bend>,
  source = checks,
): Attack => ({
  ...{ guard, source },
  request: async (world) => {
    const pair = newPair('program')
    const token = await world.boundToken(pair)
    return bound(token, proofOf({ pair, token, address, ...(await bend(pair, world)) }))
  },
})

/** A proof that was good once, and was seen on its way. */
const replayed = (guards: readonly Guard[]): Attack => ({
  ...{ guard: 'proof-replay', source: `${checks}, section 11.1` },
  request: async (world) => {
    const pair = newPair('program')
    const token = await world.boundToken(pair)
    const request = bound(token, proofOf({ pair, token, address }))
    await world.ask(request, { guards })
    return request
  },
})

export const proofAttacks: Attacks = {
  'a bound token without a proof, as if it were not': {
    ...{ guard: 'proof-required', source: 'RFC 9449 section 7.1' },
    request: async ({ boundToken }) =>
      question({ authorization: `Bearer ${await boundToken(newPair('program'))}` }),
  },
  'a proof a second time': replayed([]),
  'a proof a second time, at another instance': replayed(['token-issued-at']),
  'a proof for another method': bending('proof-method', () => ({ method: 'GET' })),
  'a proof for another address': bending('proof-address', () => ({
    address: `${publicOrigin}/auth/session`,
  })),
  'a proof for another host': bending('proof-address', () => ({
    address: 'https://evil.example/graphql',
  })),
  'a proof for our address without encryption': bending('proof-address', () => ({
    address: address.replace('https:', 'http:'),
  })),
  'a proof that was made an hour ago': bending('proof-age', () => ({
    claims: { iat: seconds() - 3_600 },
  })),
  'a proof that was made in advance': bending(
    'proof-age',
    () => ({ claims: { iat: seconds() + 3_600 } }),
    'RFC 9449 section 11.2',
  ),
  'a proof for another token of the same program': bending('proof-token', async (pair, world) => {
    const other = await world.boundToken(pair)
    return { claims: { ath: createHash('sha256').update(other).digest('base64url') } }
  }),
  'a proof for no token': bending('proof-token', () => ({ claims: { ath: undefined } })),
  'a proof by another key': bending('proof-binding', () => ({ pair: newPair('thief') })),
  'a proof with the key of the program, signed by another': bending('proof-signature', () => ({
    key: newPair('thief').privateKey,
  })),
  'a proof that nobody signed': bending('proof-signature', () => ({ header: { alg: 'none' } })),
  'a proof by a shared key': bending('proof-signature', () => ({ header: { alg: 'HS256' } })),
  'a proof that is a token of another kind': bending('proof-type', () => ({
    header: { typ: 'JWT' },
  })),
  'a proof that gives its private key away': bending('proof-key', (pair) => ({
    header: { jwk: pair.privateKey.export({ format: 'jwk' }) },
  })),
  'a proof without our nonce': {
    ...bending('proof-nonce', () => ({}), 'RFC 9449 section 9'),
    settings: { dpopNonce: true },
  },
  'a proof with a nonce of somebody else': {
    ...bending('proof-nonce', () => ({ claims: { nonce: randomUUID() } }), 'RFC 9449 section 9'),
    settings: { dpopNonce: true },
  },
}
