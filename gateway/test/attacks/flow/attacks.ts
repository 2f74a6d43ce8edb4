import type { JWTPayload } from 'jose'
import type { TestEdge } from '../../edge-harness.ts'
import { clientId } from '../../provider.ts'
import { seconds } from '../tokens/forge.ts'
import { byAnotherKey, byNobody, bySecret } from './forge.ts'
import { browserAt, type Gap, type World } from './world.ts'

export type Attack = {
  readonly source: string
  /** What stops it, and without which it succeeds. */
  readonly gap: Gap
  /** Whether whoever attacks got what they came for. */
  readonly attack: (edge: TestEdge, world: World) => Promise<boolean>
}

/** The provider tells that the attacker, who signs in there, is the victim, in a token with one flaw. */
const flawed =
  (flaw: (claims: JWTPayload) => JWTPayload, query = ''): Attack['attack'] =>
  async (edge, world) => {
    const { victim, attacker } = world.ids
    world.provider.bend.idToken = (claims) => ({ claims: flaw({ ...claims, sub: victim }) })
    const browser = browserAt(edge, world)
    await browser.signIn(attacker, query)
    return (await browser.who()) === victim
  }

const resigned =
  (sign: typeof bySecret): Attack['attack'] =>
  async (edge, world) => {
    const { victim, attacker } = world.ids
    world.provider.bend.idToken = (claims) => ({
      claims: { ...claims, sub: victim },
      sign: (bent) => sign(bent, 'JWT'),
    })
    const browser = browserAt(edge, world)
    await browser.signIn(attacker)
    return (await browser.who()) === victim
  }

/** The victim's code, brought back into the attacker's own sign-in. */
const injected =
  (bend: (world: World, own: { nonce: string }) => void): Attack['attack'] =>
  async (edge, world) => {
    const stolen = new URL((await browserAt(edge, world).begin(world.ids.victim)).callback)
    const attacker = browserAt(edge, world)
    const own = await attacker.begin(world.ids.attacker)
    bend(world, { nonce: new URL(own.start).searchParams.get('nonce') ?? '' })
    const callback = new URL(own.callback)
    callback.searchParams.set('code', stolen.searchParams.get('code') ?? '')
    await attacker.send(callback.href)
    return (await attacker.who()) === world.ids.victim
  }

/** The attacker's way back, opened by the victim's browser. */
const handedOver =
  (
    prepare: (victim: ReturnType<typeof browserAt>, world: World) => Promise<unknown>,
  ): Attack['attack'] =>
  async (edge, world) => {
    const { callback } = await browserAt(edge, world).begin(world.ids.attacker)
    const victim = browserAt(edge, world)
    await prepare(victim, world)
    await victim.send(callback)
    return (await victim.who()) === world.ids.attacker
  }

const misdirected =
  (returnTo: string): Attack['attack'] =>
  async (edge, world) => {
    const browser = browserAt(edge, world)
    const answer = await browser.signIn(
      world.ids.victim,
      `returnTo=${encodeURIComponent(returnTo)}`,
    )
    const location = answer.headers.get('location') ?? ''
    return new URL(location, 'https://plexus.test/').host !== 'plexus.test'
  }

const openRedirect = 'CWE-601, RFC 9700 section 4.11'
const targets = [
  'https://evil.example/',
  '//evil.example/',
  '/\\evil.example/',
  '\\\\evil.example/',
  '/\t/evil.example/',
  '///evil.example/',
  'http:evil.example',
  'https://plexus.test@evil.example/',
  'https://plexus.test.evil.example/',
  'http://plexus.test:80@evil.example',
]

const redirects = Object.fromEntries(
  targets.map((target): [string, Attack] => [
    `a way back that leads to ${JSON.stringify(target)}`,
    { source: openRedirect, gap: { guard: 'flow-return-to' }, attack: misdirected(target) },
  ]),
)

const plantedSecret = Buffer.alloc(32, 7).toString('base64url')

export const attacks: Readonly<Record<string, Attack>> = {
  'a way back that another browser began': {
    source: 'RFC 9700 section 4.7, login CSRF',
    gap: { guard: 'flow-browser' },
    attack: handedOver(async () => {}),
  },
  'a way back that another browser began, while the own one is signing in': {
    source: 'RFC 9700 section 4.7, login CSRF',
    gap: { guard: 'flow-browser' },
    attack: handedOver((victim, { ids }) => victim.begin(ids.victim)),
  },
  'a way back that another browser began, while somebody is signed in': {
    source: 'RFC 9700 section 4.7, session swapping',
    gap: { guard: 'flow-browser' },
    attack: handedOver((victim, { ids }) => victim.signIn(ids.victim)),
  },
  'a way back that is opened a second time': {
    source: 'RFC 6749 section 4.1.2, RFC 9700 section 4.2',
    gap: { guard: 'flow-single-use' },
    attack: async (edge, world) => {
      world.provider.bend.codesLast = true
      const browser = browserAt(edge, world)
      const { callback } = await browser.begin(world.ids.victim)
      await browser.send(callback)
      browser.jar.delete('__Host-plexus')
      await browser.send(callback)
      return (await browser.who()) === world.ids.victim
    },
  },
  'a session whose secret was planted before the sign-in': {
    source: 'CWE-384, ASVS 7.2.4',
    gap: { guard: 'flow-new-secret' },
    attack: async (edge, world) => {
      const victim = browserAt(edge, world)
      victim.jar.set('__Host-plexus', plantedSecret)
      await victim.signIn(world.ids.victim)
      const attacker = browserAt(edge, world)
      attacker.jar.set('__Host-plexus', plantedSecret)
      return (await attacker.who()) === world.ids.victim
    },
  },
  'a sign-in without a page that makes the browser somebody else': {
    source: 'OIDC Core 3.1.2.1, login CSRF by prompt=none',
    gap: { guard: 'flow-same-person' },
    attack: async (edge, world) => {
      const browser = browserAt(edge, world)
      await browser.signIn(world.ids.victim)
      // At the provider the browser is the attacker's by now.
      const { attacker } = world.ids
      world.provider.bend.idToken = (claims) => ({ claims: { ...claims, sub: attacker } })
      await browser.signIn(world.ids.victim, 'silent=1')
      return (await browser.who()) === attacker
    },
  },
  'a sign-in at the provider that goes on after it was ended here': {
    source: 'CWE-613, ASVS 7.4.1',
    gap: { guard: 'flow-ended' },
    attack: async (edge, world) => {
      const [sid, auth_time] = [crypto.randomUUID(), seconds() - 60]
      world.provider.bend.idToken = (claims) => ({ claims: { ...claims, sid, auth_time } })
      const browser = browserAt(edge, world)
      await browser.signIn(world.ids.victim)
      await browser.logout()
      await browser.signIn(world.ids.victim)
      return (await browser.who()) === world.ids.victim
    },
  },
  'a code of the victim, where the provider binds no nonce to it': {
    source: 'RFC 7636, RFC 9700 section 4.5',
    gap: { check: 'proof' },
    attack: injected(({ provider }, { nonce }) => {
      provider.bend.idToken = (claims) => ({ claims: { ...claims, nonce } })
    }),
  },
  'a code of the victim, where the provider asks for no proof': {
    source: 'OIDC Core 15.5.2, RFC 9700 section 4.5',
    gap: { check: 'nonce' },
    attack: async (edge, world) => {
      world.provider.bend.withoutProof = true
      return injected(() => {})(edge, world)
    },
  },
  'an ID token without a nonce': {
    source: 'OIDC Core 3.1.3.7 point 11',
    gap: { check: 'nonce' },
    attack: flawed(({ nonce: _, ...claims }) => claims),
  },
  'an answer that another provider gives': {
    source: 'RFC 9207, mix-up',
    gap: { check: 'response-issuer' },
    attack: async (edge, world) => {
      world.provider.bend.callback = (parameters) => parameters.set('iss', 'https://evil.example')
      const browser = browserAt(edge, world)
      await browser.signIn(world.ids.victim)
      return (await browser.who()) === world.ids.victim
    },
  },
  'an answer that does not say who gives it': {
    source: 'RFC 9207 section 2.4, mix-up',
    gap: { check: 'response-issuer' },
    attack: async (edge, world) => {
      world.provider.bend.callback = (parameters) => parameters.delete('iss')
      const browser = browserAt(edge, world)
      await browser.signIn(world.ids.victim)
      return (await browser.who()) === world.ids.victim
    },
  },
  'an ID token of another issuer': {
    source: 'OIDC Core 3.1.3.7 point 2',
    gap: { check: 'issuer' },
    attack: flawed((claims) => ({ ...claims, iss: 'https://evil.example' })),
  },
  'an ID token for another client': {
    source: 'OIDC Core 3.1.3.7 point 3',
    gap: { check: 'audience' },
    attack: flawed(({ azp: _, ...claims }) => ({ ...claims, aud: 'another-client' })),
  },
  'an ID token that was given to another client and names ours too': {
    source: 'OIDC Core 3.1.3.7 point 5',
    gap: { check: 'authorized-party' },
    attack: flawed((claims) => ({ ...claims, aud: [clientId, 'another'], azp: 'another' })),
  },
  'an ID token that has expired': {
    source: 'OIDC Core 3.1.3.7 point 9',
    gap: { check: 'expiry' },
    attack: flawed((claims) => ({ ...claims, iat: seconds() - 7_200, exp: seconds() - 3_600 })),
  },
  'an ID token that another key has signed': {
    source: 'OIDC Core 3.1.3.7 point 6',
    gap: { check: 'signature' },
    attack: resigned(byAnotherKey),
  },
  'an ID token that nobody has signed': {
    source: 'RFC 8725 section 2.1',
    gap: { check: 'signature' },
    attack: resigned(byNobody),
  },
  'an ID token that is signed with the secret of the client': {
    source: 'OIDC Core 3.1.3.7 point 8, RFC 8725 section 2.1',
    gap: { check: 'signature' },
    attack: resigned(bySecret),
  },
  'a second factor that was asked for and not given': {
    source: 'RFC 9470, OIDC Core 3.1.2.1 acr_values',
    gap: { check: 'level' },
    attack: flawed((claims) => ({ ...claims, acr: '1', auth_time: seconds() }), 'acr=2'),
  },
  'a refresh that answers with the rights of somebody else': {
    source: 'OIDC Core section 12.2',
    gap: { guard: 'renewal-subject' },
    attack: async (edge, world) => {
      const browser = browserAt(edge, world)
      await browser.signIn(world.ids.victim)
      const { attacker } = world.ids
      world.provider.bend.idToken = (claims) => ({
        claims: { ...claims, sub: attacker, roles: ['admin'] },
      })
      world.laterMs = 280_000
      return (await browser.ask()).roles.includes('ADMIN')
    },
  },
  ...redirects,
}
