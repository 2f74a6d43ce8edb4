import { testDatabase } from '../../../stack/testing/database.ts'
import { rulesOf } from '../../engine/authorize/rules.ts'
import { supergraphFrom } from '../../engine/supergraph/index.ts'
import { viewOf } from '../../engine/view.ts'
import type { Stage } from '../../exchange.ts'
import { facesOf } from '../../operations/faces.ts'
import { type RegisteredOperation, registryOf, sha256 } from '../../operations/registry.ts'
import { createRest } from '../../operations/rest/face.ts'
import { siteOf } from '../../operations/rest/openapi/document.ts'
import { knownVersions } from '../../operations/versions.ts'
import { edgeConfig, publicOrigin, startEdge } from '../edge-harness.ts'
import { compose, type FakeRoom } from '../fake-subgraphs.ts'
import { type HarnessOptions, startHarness } from '../harness.ts'
import { withCacheControl } from '../kept/cache-control.ts'
import { clientId, startProvider } from '../provider.ts'

const lea = { slug: 'lea', name: 'Léa', nextFreeSlot: '09:00', mail: 'lea@example.org', note: null }

/** What was held, so that a test may see that nothing was. */
export const held: unknown[] = []

const shop: FakeRoom = {
  name: 'shop',
  typeDefs: `${withCacheControl.replace('"@key"', '"@key", "@requiresScopes"')}
  enum Order { NEWEST OLDEST }
  input Range { from: String to: String days: [Int!] }
  input Filter { order: Order range: Range isFree: Boolean price: Float ids: [ID!] }
  type Query {
    coaches(first: Int = 2, filter: Filter, tags: [String!]): [Coach!]! @cacheControl(maxAge: 60)
    coach(slug: String!): Coach
    echo(filter: Filter, tags: [String!], first: Int): String
    "What only somebody is told."
    secret: String @requiresScopes(scopes: [["bookings:read"]])
    broken: String!
  }
  "Somebody who can be booked."
  type Coach {
    slug: String!
    "The name by which they want to be called."
    name: String!
    nextFreeSlot: String
    mail: String @authenticated
    broken: String
  }
  input HoldInput { slot: ID! seats: Int = 1 }
  type Mutation { hold(input: HoldInput!): HoldResult! wipe: Int }
  type Subscription { ticks(to: Int!): Int }
  union HoldResult = Held | ConflictError | ValidationError
  type Held { id: ID! code: String! message: String! }
  interface UserError { code: String! message: String! path: [String!] }
  type ConflictError implements UserError { code: String! message: String! path: [String!] free: Int }
  type ValidationError implements UserError { code: String! message: String! path: [String!] }`,
  resolvers: {
    Query: {
      coaches: () => [lea, { ...lea, slug: 'ada', name: 'Ada' }],
      coach: (_: unknown, { slug }: { slug: string }) =>
        slug === 'nobody' ? null : { ...lea, slug },
      echo: (_: unknown, given: unknown) => JSON.stringify(given),
      secret: () => 'of somebody',
      broken: () => {
        throw new Error('password=hunter2')
      },
    },
    Coach: {
      broken: () => {
        throw new Error('password=hunter2')
      },
    },
    Mutation: {
      hold: (_: unknown, { input }: { input: { slot: string } }) => {
        held.push(input)
        return (
          outcomes[input.slot] ?? { __typename: 'Held', id: input.slot, code: 'A1', message: 'x' }
        )
      },
      wipe: () => 1,
    },
    Subscription: {
      ticks: {
        subscribe: async function* (_: unknown, { to }: { to: number }) {
          for (let tick = 1; tick <= to; tick += 1) yield { ticks: tick }
        },
      },
    },
  },
}

const outcomes: Readonly<Record<string, object>> = {
  taken: {
    __typename: 'ConflictError',
    code: 'CONFLICT',
    message: 'It is taken.',
    path: null,
    free: 3,
  },
  bad: {
    __typename: 'ValidationError',
    code: 'VALIDATION',
    message: 'No.',
    path: ['input', 'slot'],
  },
}

const holdDocument = (name: string) => `mutation ${name}($input: HoldInput!) {
  hold(input: $input) { __typename ... on Held { id code message }
    ... on UserError { code message path } ... on ConflictError { free } } }`

type Draft = Pick<RegisteredOperation, 'document' | 'kind' | 'client'> &
  Partial<RegisteredOperation>

const drafts: Readonly<Record<string, Draft>> = {
  Coaches: query('query Coaches($first: Int) { coaches(first: $first) { name } }'),
  CoachesV2: query('query CoachesV2($first: Int) { coaches(first: $first) { slug name } }'),
  Coach: query('query Coach($slug: String!) { coach(slug: $slug) { slug name } }'),
  CoachMail: query('query CoachMail { coach(slug: "lea") { name mail broken } }'),
  Echo: query(`query Echo($filter: Filter, $tags: [String!], $first: Int, $at: Order = NEWEST) {
    echo(filter: $filter, tags: $tags, first: $first) again: echo(filter: { order: $at }) }`),
  Secret: query('query Secret { secret }'),
  Broken: query('query Broken { broken }'),
  Wipe: { kind: 'mutation', client: 'web', document: 'mutation Wipe { wipe }' },
  Hold: { kind: 'mutation', client: 'web', document: holdDocument('Hold') },
  Ticks: {
    ...{ kind: 'subscription', client: 'web' },
    document: 'subscription Ticks($to: Int!) { ticks(to: $to) }',
  },
  PartnerSecret: {
    ...query('query PartnerSecret { secret }'),
    ...{ client: 'partner', contract: 'partner' },
  },
  Inner: { ...query('query Inner { secret }'), contract: 'app' },
  Gone: {
    ...query('query Gone { coaches { name } }'),
    retiredAt: new Date('2026-01-31T12:00:00Z'),
  },
  LISTCoaches: {
    ...query('query LISTCoaches { coaches { name } }'),
    retiredAt: new Date('2026-01-31T12:00:00Z'),
  },
  ListCoaches: query('query ListCoaches { coaches { slug } }'),
  PartnerHold: { kind: 'mutation', client: 'partner', document: holdDocument('PartnerHold') },
  StartCheckout: { kind: 'mutation', client: 'web', document: holdDocument('StartCheckout') },
}

function query(document: string): Draft {
  return { kind: 'query', client: 'web', document }
}

export const registry = registryOf(
  Object.entries(drafts).map(([name, draft]) => ({
    ...({
      name,
      hash: sha256(draft.document),
      version: '',
      contract: 'public',
      cost: null,
    } as const),
    ...{ retiredAt: null, description: `About ${name}.`, ...draft },
  })),
)

type Options = Pick<HarnessOptions, 'quota'> & {
  readonly limits?: { readonly bodyBytesMax: number }
}

/** A gateway with a provider, a database and the REST face over a shop. */
export async function startWorld({ quota, limits }: Options = {}) {
  const provider = await startProvider()
  const db = await testDatabase()
  const sdl = compose({ shop: shop.typeDefs })
  const harness = startHarness({
    ...{ registry, rooms: [shop], supergraph: sdl, freeText: () => false },
    ...(quota && { quota }),
  })
  const supergraph = supergraphFrom(sdl)
  const view = viewOf({ supergraph, rules: rulesOf(supergraph) })
  const published = { registry, webClientId: clientId }
  const site = siteOf(edgeConfig(provider.issuer))
  const rest = createRest({
    ...{ ...published, site, view: () => view, schemaOf: () => view.schema },
    now: () => new Date(),
  })
  const faces = knownVersions(published, facesOf([rest]))
  const last: Stage = (exchange, next) => faces(exchange, () => harness.graph(exchange, next))
  const edge = await startEdge({
    ...{ issuer: provider.issuer, sql: db.connect('gateway'), last },
    config: {
      allowedOrigins: ['https://shop.test'],
      limits: {
        ...{ transferBytesMax: 16_777_216, deadlineMs: 10_000 },
        bodyBytesMax: 4_096,
        ...limits,
      },
    },
  })
  const send = (path: string, init: RequestInit = {}, fetch = edge.fetch) =>
    fetch(new Request(`${publicOrigin}${path}`, init))
  return {
    ...{ provider, edge, harness, send, view },
    operationOf: (name: string) => {
      const found = registry.all().find((one) => one.name === name)
      if (!found) throw new Error(`There is no ${name}.`)
      return found
    },
    post: (path: string, body: unknown, headers: HeadersInit = {}) =>
      send(path, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...Object.fromEntries(new Headers(headers)),
        },
        body: JSON.stringify(body),
      }),
    /** Of a program with these scopes. */
    bearer: async (scope: string) => ({
      authorization: `Bearer ${await provider.accessToken({ scope, azp: 'club', client_id: 'club' })}`,
    }),
    stop: async () => {
      await edge.stop()
      await db.drop()
      provider.stop()
    },
  }
}

export type World = Awaited<ReturnType<typeof startWorld>>
