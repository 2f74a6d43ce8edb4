import { z } from 'zod'
import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import { createKept, type KeptDeps } from '../../kept/kept.ts'
import { prepareRegistered } from '../../operations/prepare-registered.ts'
import { registryFrom, sha256 } from '../../operations/registry.ts'
import { compose, type FakeRoom } from '../fake-subgraphs.ts'
import { type Caller, type HarnessOptions, startHarness } from '../harness.ts'
import { withCacheControl } from './cache-control.ts'

/** What rooms say; a test changes it. */
export const said = { headline: 'calm', slots: ['09:00'] }

/** Tells in every value who asked for it, so that one that comes to somebody else is seen. */
const people: FakeRoom = {
  name: 'people',
  typeDefs: `${withCacheControl}
  type Query {
    coaches: [Coach!]! @cacheControl(maxAge: 60)
    coach(id: ID!): Coach @cacheControl(maxAge: 60)
    slots: [String!]! @cacheControl(maxAge: 5)
    own: [Coach!]! @cacheControl(maxAge: 60, scope: PRIVATE)
    report: Coach @requiresScopes(scopes: [["report"]]) @cacheControl(maxAge: 60, scope: PUBLIC)
    unsaid: [Coach!]!
  }
  type Mutation { write(id: ID!): Coach }
  type Coach @key(fields: "id") @cacheControl(maxAge: 60) {
    id: ID!
    headline: String
    asker: String
    secret: String @requiresScopes(scopes: [["secret"]])
  }`,
  resolvers: {
    Query: {
      coaches: () => [{ id: leaId }],
      coach: (_: unknown, { id }: { id: string }) => (id === 'none' ? null : { id }),
      slots: () => said.slots,
      own: () => [{ id: leaId }],
      report: () => ({ id: leaId }),
      unsaid: () => [{ id: leaId }],
    },
    Mutation: { write: (_: unknown, { id }: { id: string }) => ({ id }) },
    Coach: {
      __resolveReference: (coach: object) => coach,
      headline: () => said.headline,
      asker: (_: unknown, __: unknown, context: unknown) => askerIn(context),
      secret: () => 'secret',
    },
  },
}

/** The inner token's own words, whoever it was minted for. */
const Context = z.object({ request: z.instanceof(Request) })

function askerIn(context: unknown): string {
  const { headers } = Context.parse(context).request
  const [, payload = ''] = (headers.get('authorization') ?? '').split('.')
  const {
    iat: _,
    exp: __,
    nbf: ___,
    jti: ____,
    ...claims
  } = JSON.parse(Buffer.from(payload, 'base64url').toString() || '{}')
  return JSON.stringify(claims)
}

const trips: FakeRoom = {
  name: 'trips',
  typeDefs: `${withCacheControl}
  type Coach @key(fields: "id") {
    id: ID!
    nextFree: String @cacheControl(maxAge: 5)
    visits: String
  }`,
  resolvers: {
    Coach: {
      __resolveReference: (coach: object) => coach,
      nextFree: (_: unknown, __: unknown, context: unknown) =>
        `${said.slots[0]} for ${askerIn(context)}`,
      visits: () => 'many',
    },
  },
}

export const idOf = (type: string, uuid: string) =>
  Buffer.from(`${type}:${uuid}`).toString('base64url')
export const leaUuid = '01a20000-0000-7000-8000-000000000001'
export const leaId = idOf('Coach', leaUuid)

export const documents = {
  Coaches: 'query Coaches { coaches { id headline asker } }',
  Coach: 'query Coach($id: ID!) { coach(id: $id) { id headline asker } }',
  Slots: 'query Slots { slots coaches { id } }',
  Times: 'query Times { slots }',
  Own: 'query Own { own { id asker } }',
  Report: 'query Report { report { id asker } }',
  Secret: 'query Secret { coaches { id secret } }',
  Unsaid: 'query Unsaid { unsaid { id asker } }',
  Joined: 'query Joined { unsaid { id nextFree } }',
  Write: 'mutation Write($id: ID!) { write(id: $id) { id } }',
}
export type Name = keyof typeof documents

const registry = registryFrom(
  JSON.stringify(
    Object.entries(documents).flatMap(([name, document]) =>
      ['web', 'partner'].map((client) => ({
        ...{ name, document, client, contract: 'public' },
        kind: document.startsWith('mutation') ? 'mutation' : 'query',
        hash: sha256(document),
      })),
    ),
  ),
)

const supergraph = compose({ people: people.typeDefs, trips: trips.typeDefs })

export type World = Awaited<ReturnType<typeof startWorld>>

/** A gateway that keeps answers, with a clock of the test's own. */
export async function startWorld(
  changes: Partial<KeptDeps> = {},
  options: Pick<HarnessOptions, 'deadlineMs' | 'engine' | 'sharing' | 'lane'> = {},
) {
  const clock = { now: Date.now() }
  const metrics = createMetrics('gateway', { ofProcess: false })
  const log = createLog({ service: 'gateway', level: 'silent' })
  const kept = createKept({
    ...{ openBus: null, redis: null, bytesMax: 8_000_000, deadlineMs: 5_000 },
    ...{ log, metrics, now: () => new Date(clock.now) },
    ...{ isServed: () => true, served: () => registry },
    ...changes,
  })
  const harness = startHarness({
    ...{ registry, kept, engine: 'compiled', freeText: () => false },
    rooms: [people, trips],
    supergraph,
    ...options,
  })
  await prepareRegistered({ operations: registry.all(), engine: harness.engine, log })
  const ask = async (name: Name, caller: Caller = {}, more: Asking = {}) => {
    const { variables = {}, headers = {} } = more
    const documentId = `sha256:${sha256(documents[name])}`
    const answer = await harness.post({ documentId, variables }, caller, headers)
    if (answer.status !== 200) throw new Error(answer.text)
    return answer
  }
  return {
    ...{ kept, clock, metrics, ask, harness, asked: harness.asked },
    /** Requests to subgraphs that this takes. */
    costOf: async (...asking: Parameters<typeof ask>) => {
      const before = harness.asked.length
      await ask(...asking)
      return harness.asked.length - before
    },
  }
}

type Asking = { readonly variables?: object; readonly headers?: HeadersInit }
