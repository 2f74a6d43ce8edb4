import { buildSubgraphSchema } from '@apollo/subgraph'
import { composeServices } from '@theguild/federation-composition'
import { type DocumentNode, GraphQLError, parse } from 'graphql'
import { createYoga, Repeater } from 'graphql-yoga'
import { errorResponse } from '#kit/errors'
import { createVerifier, generateIdentityKeys, type Viewer } from '#kit/identity-token'

const link = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@shareable", "@authenticated", "@requiresScopes", "@policy"]
)`

/** Owns people; every kind of rule stands somewhere in it. */
const people = `${link}
type Query {
  hello: String!
  me: Person
  people: [Person!]!
  maybePeople: [Person]
  strangers: [[Person!]]
  plan: Plan
  openPlan: OpenPlan
  secret: String @authenticated
  mustHaveSecret: String! @authenticated
  level: Level
  found: [Found!]!
  nodes: [Node!]!
  greet(name: String!, mood: Mood = GOOD): String!
  crash: String
  refuse: String
  outdated: String
  mustNotFail: String!
}
type Mutation { rename(name: String!): Person @authenticated, touch: Int!, count: Int! }
type Subscription {
  personChanged(topic: String!): PersonEvent
  secretChanged(topic: String!): PersonEvent @authenticated
  mustBeSecret(topic: String!): PersonEvent! @authenticated
  refusedStream: Int
}
type PersonEvent {
  number: Int!
  person: Person!
  note: String @requiresScopes(scopes: [["level:read"]])
  crash: String
}
enum Mood { GOOD BAD }
enum Level @requiresScopes(scopes: [["level:read"]]) { LOW HIGH }
interface Node { id: ID!, label: String }
type Person implements Node @key(fields: "id") {
  id: ID!
  label: String
  name: String!
  email: String @requiresScopes(scopes: [["people:read"], ["self", "mail"]])
  birthday: String! @authenticated
  badge: String @policy(policies: [["vip"]])
  friends: [Person!]!
  pairs: [[Person!]]
  home: Home
}
type Home { street: String! @authenticated, city: String }
type Place implements Node { id: ID!, label: String @requiresScopes(scopes: [["places:read"]]), area: Int }
type Plan @authenticated { title: String!, cost: Int }
type OpenPlan { hidden: Plan, title: String }
union Found = Person | Place | Plan
`

/** Adds trips to people, so that there is something to join. */
const trips = `${link}
type Query { cheapest: Trip, tripCount: Int! }
type Person @key(fields: "id") {
  id: ID!
  trips: [Trip!]! @requiresScopes(scopes: [["trips:read"]])
  nextTrip: Trip
  miles: Int!
  insurance: String
}
type Trip { city: String!, weather: String, visa: String!, price: Int! @requiresScopes(scopes: [["trips:price"]]) }
`

type Person = { id: string; name: string; friends: string[] }

const ada: Person = { id: '1', name: 'Ada', friends: ['2', '3'] }
const bob: Person = { id: '2', name: 'Bob', friends: ['1'] }
const cleo: Person = { id: '3', name: 'Cleo', friends: [] }
const everybody = [ada, bob, cleo]
const place = { id: '9', area: 4, label: 'Cellar' }

let touches = 0

type LiveEvent = { readonly number: number; readonly person: Person; readonly note: string }
type Listener = { push(event: LiveEvent): unknown; stop(error?: Error): unknown }

const listeners = new Map<string, Set<Listener>>()
const listenersOf = (topic: string) => [...(listeners.get(topic) ?? [])]

/** The events of the fake subgraphs, by a topic that each test chooses for itself. */
export const live = {
  emit: (topic: string, number: number, person = ada) => {
    for (const one of listenersOf(topic)) one.push({ number, person, note: `note ${number}` })
  },
  complete: (topic: string) => {
    for (const one of listenersOf(topic)) one.stop()
  },
  fail: (topic: string) => {
    for (const one of listenersOf(topic)) one.stop(new Error('password=hunter2'))
  },
  /** How many streams the subgraph still feeds. */
  open: (topic: string) => listeners.get(topic)?.size ?? 0,
}

const eventsOf = (_: unknown, { topic }: { topic: string }) =>
  new Repeater<LiveEvent>(async (push, stop) => {
    const all = listeners.get(topic) ?? new Set()
    const one = { push, stop }
    listeners.set(topic, all.add(one))
    await stop
    all.delete(one)
  })
const changes = { subscribe: eventsOf, resolve: (event: LiveEvent) => event }

const peopleResolvers = {
  Query: {
    hello: () => 'world',
    me: () => ada,
    people: () => everybody,
    maybePeople: () => [ada, null, bob],
    strangers: () => [[ada, bob], null],
    plan: () => ({ title: 'Plan A', cost: 3 }),
    openPlan: () => ({ hidden: { title: 'Plan B' }, title: 'Open' }),
    secret: () => 'secret',
    mustHaveSecret: () => 'secret',
    level: () => 'HIGH',
    found: () => [ada, place, { title: 'Plan C' }],
    nodes: () => [ada, place],
    greet: (_: unknown, { name, mood }: { name: string; mood: string }) => `${mood} day, ${name}`,
    crash: () => {
      throw new Error('password=hunter2 at 10.0.0.5')
    },
    refuse: () => {
      throw new GraphQLError('You may not.', { extensions: { code: 'FORBIDDEN' } })
    },
    outdated: () => {
      throw new GraphQLError('Cannot query field "x".', {
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      })
    },
    mustNotFail: () => {
      throw new GraphQLError('No more.', { extensions: { code: 'CONFLICT' } })
    },
  },
  Mutation: {
    rename: (_: unknown, { name }: { name: string }) => ({ ...ada, name }),
    touch: () => ++touches,
    count: () => touches,
  },
  Subscription: {
    personChanged: changes,
    secretChanged: changes,
    mustBeSecret: changes,
    refusedStream: {
      subscribe: () => {
        throw new GraphQLError('Not now.', { extensions: { code: 'CONFLICT' } })
      },
    },
  },
  PersonEvent: {
    crash: () => {
      throw new Error('password=hunter2 at 10.0.0.5')
    },
  },
  Node: { __resolveType: (node: object) => ('area' in node ? 'Place' : 'Person') },
  Found: {
    __resolveType: (it: object) => ('area' in it ? 'Place' : 'title' in it ? 'Plan' : 'Person'),
  },
  Person: {
    __resolveReference: ({ id }: { id: string }) => everybody.find((one) => one.id === id),
    label: ({ name }: Person) => `person ${name}`,
    email: ({ name }: Person) => `${name}@example.org`,
    birthday: () => '1815-12-10',
    badge: () => 'gold',
    friends: ({ friends }: Person) => everybody.filter(({ id }) => friends.includes(id)),
    pairs: () => [[ada, bob], [cleo]],
    home: () => ({ street: 'Main', city: 'Bern' }),
  },
}

const tripsOf = (id: string) => [{ city: `City ${id}`, price: 10 }]

/** Fails for one of the people, so that a test can tell whose field it was. */
const notForBob = (id: string, value: string) => {
  if (id === bob.id) throw new GraphQLError('Not for Bob.', { extensions: { code: 'NOT_FOUND' } })
  return value
}

const tripsResolvers = {
  Query: { cheapest: () => ({ city: 'Bern', price: 1 }), tripCount: () => 3 },
  Person: {
    __resolveReference: (reference: { id: string }) => reference,
    trips: ({ id }: { id: string }) => tripsOf(id),
    nextTrip: ({ id }: { id: string }) => tripsOf(id)[0],
    miles: ({ id }: { id: string }) => Number(id) * 100,
    insurance: ({ id }: { id: string }) => notForBob(id, 'full'),
  },
  Trip: {
    weather: ({ city }: { city: string }) => notForBob(city.slice(-1), 'sun'),
    visa: ({ city }: { city: string }) => notForBob(city.slice(-1), 'none'),
  },
}

/** A subgraph as SDL and what resolves it. */
export type FakeRoom = {
  readonly name: string
  readonly typeDefs: string
  readonly resolvers: Parameters<typeof buildSubgraphSchema>[0] extends infer Module
    ? Module extends { resolvers?: infer Resolvers }
      ? Resolvers
      : never
    : never
}

const fakeRooms: readonly FakeRoom[] = [
  { name: 'people', typeDefs: people, resolvers: peopleResolvers },
  { name: 'trips', typeDefs: trips, resolvers: tripsResolvers },
]

/** What all the subgraphs together resolve, as if they were one: field by field, by type. */
export const fakeResolvers = {
  ...peopleResolvers,
  Query: { ...peopleResolvers.Query, ...tripsResolvers.Query },
  Person: { ...peopleResolvers.Person, ...tripsResolvers.Person },
  Trip: tripsResolvers.Trip,
}

/**
 * The supergraph of subgraphs given as SDL. Throws with composition's own words when they do not
 * fit.
 */
export function compose(services: Readonly<Record<string, string>>): string {
  const { supergraphSdl, errors } = composeServices(
    Object.entries(services).map(([name, sdl]) => ({
      name,
      typeDefs: parse(sdl),
      url: `http://${name}/graphql`,
    })),
  )
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'))
  return supergraphSdl
}

export const fakeSupergraph = compose({ people, trips })

/** What a fake subgraph was asked, and by whom. */
export type Asked = {
  readonly subgraph: string
  readonly query: string
  readonly variables: unknown
  readonly headers: Headers
  readonly viewer: Viewer | null
}

export type FakeSubgraph = { readonly name: string; fetch(request: Request): Promise<Response> }

export const identityKeys = await generateIdentityKeys('test')

/** In `broken` a subgraph's name stands for the response it gives instead of an answer. */
export type Broken = Map<string, () => Response | Promise<Response>>

export function fakeSubgraphs(
  asked: Asked[],
  broken: Broken,
  rooms: readonly FakeRoom[] = fakeRooms,
): FakeSubgraph[] {
  return rooms.map(({ name, typeDefs, resolvers }) => {
    const document: DocumentNode = parse(typeDefs)
    const yoga = createYoga({
      schema: buildSubgraphSchema({ typeDefs: document, resolvers }),
      logging: false,
      maskedErrors: false,
    })
    const verifier = createVerifier({
      publicJwks: [identityKeys.public],
      audience: name,
      now: () => new Date(),
    })
    const answer = async (request: Request) => {
      const { headers } = request
      const token = headers.get('authorization')?.replace('Bearer ', '') ?? ''
      const { viewer } = await verifier.verify(token)
      const { query, variables } = await request.clone().json()
      asked.push({ subgraph: name, query, variables, headers, viewer })
      return broken.get(name)?.() ?? yoga.fetch(request)
    }
    return { name, fetch: (request) => answer(request).catch((error) => errorResponse(error, '-')) }
  })
}
