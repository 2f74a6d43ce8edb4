import { createPublicKey, randomBytes, randomUUID } from 'node:crypto'
import type { JWK } from 'jose'
import { newApiKey } from '#kit/api-key'
import { generateIdentityKeys } from '#kit/identity-token'
import type { Pool } from '#kit/postgres'
import { testDatabase } from '../../../../stack/testing/database.ts'
import { inOrder, type Stage } from '../../../exchange.ts'
import type { Guard } from '../../../identity/guards.ts'
import { edgeConfig, exchangeFor, publicOrigin, startEdge } from '../../edge-harness.ts'
import { compose } from '../../fake-subgraphs.ts'
import { startHarness } from '../../harness.ts'
import { leaveOut } from '../../leave-out.ts'
import { audience, startProvider } from '../../provider.ts'
import { type Bent, newPair, type Pair, seconds, signed, thumbprintOf } from './forge.ts'
import { naive } from './naive.ts'

const typeDefs = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9", import: ["@authenticated", "@requiresScopes"]
)
type Query {
  secret: String @authenticated
  ledger: String @requiresScopes(scopes: [["bookings:write"]])
}`
const loot = 'what nobody may have'
const resolvers = { Query: { secret: () => loot, ledger: () => loot } }

export type Variant = {
  /** What this gateway does without. */
  readonly guards?: readonly Guard[]
  /** Whether a library with well-known faults checks its signatures. */
  readonly naive?: boolean
  /** Stands in front, as a careless proxy does. */
  readonly front?: Stage
  readonly introspection?: boolean
  readonly dpopNonce?: boolean
}

export type World = Awaited<ReturnType<typeof newWorld>>

/** Protected data behind gateways that differ by one guard, and a provider whose key a test holds. */
export async function newWorld() {
  const [provider, db] = await Promise.all([startProvider(), testDatabase()])
  const own = newPair('op-2')
  const stranger = newPair('mine')
  const inner = await generateIdentityKeys('inner')
  const others = { longNamed: newPair('k'.repeat(2_000)), otherCurve: newPair('op-3', 'P-384') }
  const published: JWK[] = [
    provider.publicJwk,
    publishable(own),
    publishable(others.longNamed),
    publishable(others.otherCurve, 'ES384'),
    inner.public,
  ]
  for (const jwk of published.slice(1)) provider.publish(jwk)
  const evil = startEvilSite(stranger)
  const graph = startHarness({
    ...{ engine: 'compiled', supergraph: compose({ vault: typeDefs }) },
    rooms: [{ name: 'vault', typeDefs, resolvers }],
  })
  const clock = { offsetMs: 0 }
  const [admin, sql] = [db.connectAdmin(), db.connect('gateway')]
  const edges = new Map<string, Awaited<ReturnType<typeof startEdge>>>()
  const start = async (variant: Variant) => {
    const { guards = [], introspection = false, dpopNonce = false } = variant
    const edge = await startEdge({
      ...{ issuer: provider.issuer, sql, last: graph.graph },
      config: { provider: { ...edgeConfig(provider.issuer).provider, introspection, dpopNonce } },
      now: () => new Date(Date.now() + clock.offsetMs),
      without: guards.length > 0 ? leaveOut(...guards) : undefined,
      ...(variant.naive && { isSigned: naive(published) }),
    })
    edges.set(JSON.stringify(variant), edge)
    return edge
  }
  return {
    ...{ provider, own, stranger, ...others, evil, clock },
    innerKey: inner.private,
    /** One answer of the gateway, or of the one that differs as it is said. */
    ask: async (request: Request, { front, ...variant }: Variant = {}) => {
      const edge = edges.get(JSON.stringify(variant)) ?? (await start(variant))
      const sent = request.clone()
      if (!front) return edge.fetch(sent)
      const behind: Stage = (exchange) => edge.fetch(exchange.request)
      return inOrder([front, behind])(exchangeFor(sent))
    },
    /** A token of the provider's; whatever a test bends is signed with the provider's key. */
    token: (claims: Bent = {}, header: Bent = {}, key = own.privateKey) =>
      signed({ ...goodHeader, ...header }, { ...goodClaims(provider.issuer), ...claims }, key),
    claims: (claims: Bent = {}) => ({ ...goodClaims(provider.issuer), ...claims }),
    boundToken: async (pair: Pair) => {
      const claims = { ...goodClaims(provider.issuer), cnf: { jkt: await thumbprintOf(pair) } }
      return signed(goodHeader, claims, own.privateKey)
    },
    apiKey: (row: Bent = {}) => insertApiKey(admin, row),
    disabledClient: () => insertDisabledClient(admin),
    stop: async () => {
      for (const edge of edges.values()) await edge.stop()
      await Promise.all([graph.stop(), evil.stop(), db.drop()])
      provider.stop()
    },
  }
}

const publishable = ({ jwk, kid }: Pair, alg = 'ES256'): JWK => ({ ...jwk, kid, alg, use: 'sig' })

export const address = `${publicOrigin}/graphql`
export const goodHeader = { alg: 'ES256', typ: 'at+jwt', kid: 'op-2' }

const goodClaims = (issuer: string): Bent => ({
  ...{ iss: issuer, aud: audience, sub: randomUUID(), client_id: 'partner', scope: 'api' },
  ...{ roles: ['client'], iat: seconds(), exp: seconds() + 300 },
})

/** Where keys lie that a token wants to be checked by. */
function startEvilSite({ jwk }: Pair) {
  const pem = createPublicKey({ key: { ...jwk }, format: 'jwk' }).export({
    type: 'spki',
    format: 'pem',
  })
  const counts = { asked: 0 }
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: ({ url }) => {
      counts.asked += 1
      return url.endsWith('/jwks') ? Response.json({ keys: [jwk] }) : new Response(String(pem))
    },
  })
  return {
    ...{ counts, pem: String(pem) },
    url: `http://localhost:${server.port}`,
    stop: () => server.stop(true),
  }
}

/** The id of a program that an administrator has disabled. */
async function insertDisabledClient(sql: Pool): Promise<string> {
  const id = randomUUID()
  const row = { id, name: id, secretHash: randomBytes(32), scopes: ['bookings:read'] }
  const whole = { ...row, rateLimitPerMinute: 600, disabledAt: new Date() }
  await sql`insert into auth.api_client ${sql(whole)}`
  return id
}

async function insertApiKey(sql: Pool, row: Bent) {
  const id = randomUUID()
  const { text, hash } = newApiKey(id)
  const day = 86_400_000
  const whole = {
    ...{ id, name: id, secretHash: hash, scopes: ['bookings:read'], rateLimitPerMinute: 600 },
    ...{ createdBy: randomUUID(), createdAt: new Date(Date.now() - 3 * day) },
    expiresAt: new Date(Date.now() + day),
    ...row,
  }
  await sql`insert into auth.api_key ${sql(whole)}`
  return { id, text }
}

type Sent = {
  readonly authorization?: string
  readonly headers?: HeadersInit
  readonly field?: 'secret' | 'ledger'
}

/** What anybody can send: a question for what is protected. */
export function question({ authorization, headers, field = 'secret' }: Sent): Request {
  const request = new Request(address, {
    method: 'POST',
    headers: { ...Object.fromEntries(new Headers(headers)), 'content-type': 'application/json' },
    body: JSON.stringify({ query: `{ ${field} }` }),
  })
  if (authorization !== undefined) request.headers.set('authorization', authorization)
  return request
}

/** Whether what is protected came back. */
export const isLooted = async (response: Response) => (await response.text()).includes(loot)
