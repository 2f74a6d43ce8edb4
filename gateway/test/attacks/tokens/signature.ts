import { createHmac, createPublicKey } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Guard } from '../../../identity/guards.ts'
import { type Attack, type Attacks, bearing } from './attack.ts'
import { type Bent, encoded, signed } from './forge.ts'
import { unwraps } from './fronts.ts'
import { goodHeader, type World } from './world.ts'

const twin = { naive: true }

/** A library with a well-known fault checks the signature: one guard is left that refuses. */
const faulty = (guard: Guard | null, source: string, forge: (world: World) => string): Attack => ({
  ...{ guard, source, twin },
  request: (world) => bearing(forge(world)),
})

const unsigned = (alg: string, signature = '') =>
  faulty('token-algorithm', 'RFC 8725 section 3.1, CVE-2015-9235', ({ claims }) => {
    const header = { ...goodHeader, alg }
    return `${encoded(header)}.${encoded(claims())}.${signature}`
  })

/** The public key, which everybody has, taken for a shared one. */
const hmac = (spelling: 'pem' | 'pem without its last line end' | 'jwk') =>
  faulty('token-algorithm', 'RFC 8725 section 2.1, CVE-2016-5431', ({ provider, claims }) => {
    const jwk = provider.publicJwk
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
    const pem = String(key.export({ type: 'spki', format: 'pem' }))
    const secret = { pem, 'pem without its last line end': pem.trim(), jwk: JSON.stringify(jwk) }
    const text = `${encoded({ ...goodHeader, alg: 'HS256', kid: 'op-1' })}.${encoded(claims())}`
    return `${text}.${createHmac('sha256', secret[spelling]).update(text).digest('base64url')}`
  })

/** Signed by whoever attacks, with a header that says where their key is. */
const ownKey = (guard: Guard, source: string, header: (world: World) => Bent) =>
  faulty(guard, source, (world) => world.token({}, header(world), world.stranger.privateKey))

const spkiOf = ({ stranger }: World) =>
  createPublicKey({ key: { ...stranger.jwk }, format: 'jwk' })
    .export({ type: 'spki', format: 'der' })
    .toString('base64')

const keySource = 'RFC 8725 section 3.10'
const stripped = 'RFC 7515 section 5.2, CVE-2020-28042'

export const signatureAttacks: Attacks = {
  'no algorithm': unsigned('none'),
  'no algorithm, in capitals': unsigned('NONE'),
  'no algorithm, in a spelling that a list of bad ones forgets': unsigned('nOnE'),
  'no algorithm, and some signature': unsigned('none', 'c2ln'),
  'the public key as PEM for a shared one': hmac('pem'),
  'the public key as PEM without its last line end': hmac('pem without its last line end'),
  'the public key as a JSON Web Key for a shared one': hmac('jwk'),
  'a published key of a curve that is not for tokens': faulty(
    'token-algorithm',
    'RFC 8725 section 3.2',
    ({ otherCurve: { kid, privateKey }, token }) => token({}, { alg: 'ES384', kid }, privateKey),
  ),
  'a key in the header': ownKey(
    'token-key-source',
    `${keySource}, CVE-2018-0114`,
    ({ stranger }) => ({
      jwk: stranger.jwk,
      kid: 'op-2',
    }),
  ),
  'the address of a key set in the header': ownKey('token-key-source', keySource, ({ evil }) => ({
    jku: `${evil.url}/jwks`,
  })),
  'the address of a certificate in the header': ownKey(
    'token-key-source',
    keySource,
    ({ evil }) => ({
      x5u: `${evil.url}/certificate`,
    }),
  ),
  'a certificate in the header': ownKey('token-key-source', keySource, (world) => ({
    x5c: [spkiOf(world)],
  })),
  'a key id that is a path': {
    ...{ guard: 'token-key-id', source: 'RFC 8725 section 3.10, CWE-22', twin },
    request: async ({ evil, stranger, token }) => {
      const file = join(tmpdir(), 'plexus-attack.pem')
      await Bun.write(file, evil.pem)
      const kid = `../../../..${file}`
      return bearing(token({}, { kid }, stranger.privateKey))
    },
  },
  'a key id that is SQL': ownKey('token-key-id', 'RFC 8725 section 3.10, CWE-89', (world) => ({
    kid: `x' union select '${spkiOf(world)}`,
  })),
  'a key id of 2,000 characters': {
    ...{ guard: 'token-key-id', source: 'RFC 8725 section 3.10, CWE-400' },
    request: ({ longNamed: { kid, privateKey }, token }) => bearing(token({}, { kid }, privateKey)),
  },
  'a signature of nothing but zeros': faulty(null, 'CVE-2022-21449', ({ claims }) => {
    const zeros = Buffer.alloc(64).toString('base64url')
    return `${encoded({ ...goodHeader, kid: 'op-1' })}.${encoded(claims())}.${zeros}`
  }),
  'a signature taken away': faulty(null, stripped, ({ token }) => {
    const [header, payload] = token().split('.')
    return `${header}.${payload}.`
  }),
  'claims that were changed under a good signature, which was taken away': faulty(
    null,
    stripped,
    ({ claims }) => `${encoded(goodHeader)}.${encoded(claims({ roles: ['admin'] }))}.`,
  ),
  'a critical header that nobody here understands': {
    ...{ guard: 'token-critical', source: 'RFC 7515 section 4.1.11' },
    request: ({ token }) => bearing(token({}, { crit: ['exp'], exp: 1 })),
  },
  'a payload that was not signed as it is read': {
    ...{ guard: 'token-critical', source: 'RFC 7797 section 6' },
    request: ({ token }) => bearing(token({}, { b64: false, crit: ['b64'] })),
  },
  'two subjects, of which readers take one or the other': {
    ...{ guard: 'token-duplicates', source: 'RFC 7519 section 4, RFC 8725 section 3.12' },
    request: ({ own, claims }) => {
      const text = JSON.stringify(claims()).replace('{', '{"sub":"somebody else",')
      return bearing(signed(goodHeader, text, own.privateKey))
    },
  },
  'a second subject in another spelling of the same name': {
    ...{ guard: 'token-duplicates', source: 'RFC 7519 section 4, RFC 8259 section 8.3' },
    request: ({ own, claims }) => {
      const text = JSON.stringify(claims()).replace('{', '{"s\\u0075b":"somebody else",')
      return bearing(signed(goodHeader, text, own.privateKey))
    },
  },
  'two key ids in the header': {
    ...{ guard: 'token-duplicates', source: 'RFC 7515 section 4' },
    request: ({ own, claims }) => {
      const header = JSON.stringify(goodHeader).replace('{', '{"kid":"mine",')
      return bearing(signed(header, claims(), own.privateKey))
    },
  },
  'a nested token whose inside nobody signed': {
    ...{ guard: null, source: 'RFC 7519 section 5.2, RFC 8725 section 3.11' },
    twin: { naive: true, front: unwraps },
    request: ({ claims, stranger }) => {
      const inner = `${encoded({ ...goodHeader })}.${encoded(claims())}.`
      return bearing(signed({ ...goodHeader, cty: 'JWT' }, inner, stranger.privateKey))
    },
  },
}
