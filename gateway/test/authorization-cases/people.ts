import type { Resolvers } from '../federation/harness/subgraph.ts'

export const sdl = `
extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: [
    "@key", "@shareable", "@requiresScopes"
    { name: "@authenticated", as: "@signedIn" }
    { name: "@policy", as: "@decided" }
  ]
)
type Query {
  hello: String!
  me: Person
  people: [Person!]!
  anyone: [Person]
  rows: [[Person!]]
  secret: String @signedIn
  vital: String! @signedIn
  both: String @signedIn @requiresScopes(scopes: [["a"]]) @decided(policies: [["p"]])
  either: String @requiresScopes(scopes: [["a", "b"], ["c"]])
  vetted: String @decided(policies: [["p", "q"], ["r"]])
  echo(text: String!): String @signedIn
  level: Level
  levels: [Level!]
  number: Number
  numbers: [Number!]!
  plan: Plan
  plans: [Plan]
  cover: Cover
  nodes: [Node!]!
  node: Node
  things: [Thing!]!
  thing: Thing
  holder: Holder
}
type Mutation {
  touch: Int!
  wipe: Int @signedIn
  mustWipe: Int! @requiresScopes(scopes: [["admin"]])
  rename(name: String!): Person
}
type Subscription {
  ticks: Tick
  alarms: Tick @signedIn
}
type Tick { number: Int!, note: String @requiresScopes(scopes: [["notes"]]) }
enum Level @requiresScopes(scopes: [["levels"]]) { LOW HIGH }
scalar Number @signedIn
type Person implements Node @key(fields: "id") {
  id: ID!
  name: String!
  label: String
  email: String @requiresScopes(scopes: [["mail"]])
  birthday: String! @signedIn
  friends: [Person!]!
  pairs: [[Person!]]
  home: Home
  savings: Int
}
type Home { street: String! @signedIn, city: String }
type Place implements Node { id: ID!, label: String @requiresScopes(scopes: [["places"]]), area: Int }
type Plan @signedIn { title: String!, cost: Int, owner: Person }
type Cover { inside: Plan, must: Plan!, title: String }
interface Node { id: ID!, label: String }
union Thing = Person | Place | Plan
interface Owned { owner: Actor }
interface Actor { name: String }
type Guest implements Actor { name: String }
type Agent implements Actor @signedIn { name: String }
type Holder implements Owned { owner: Agent, title: String }
`

type Person = { readonly id: string; readonly name: string }

const ada: Person = { id: '1', name: 'Ada' }
const bob: Person = { id: '2', name: 'Bob' }
const place = { id: '9', area: 4, label: 'Cellar' }
const plan = { title: 'Plan A', cost: 3, owner: ada }
const typeOf = (value: object) => ('area' in value ? 'Place' : 'cost' in value ? 'Plan' : 'Person')

async function* two(): AsyncGenerator<{ number: number; note: string }> {
  yield { number: 1, note: 'first' }
  yield { number: 2, note: 'second' }
}
const stream = { subscribe: () => two(), resolve: (event: object) => event }

export const resolvers: Resolvers = {
  Query: {
    hello: () => 'world',
    me: () => ada,
    people: () => [ada, bob],
    anyone: () => [ada, null],
    rows: () => [[ada, bob], null],
    secret: () => 'SECRET',
    vital: () => 'SECRET',
    both: () => 'SECRET',
    either: () => 'SECRET',
    vetted: () => 'SECRET',
    echo: (_, { text }) => `SECRET ${text}`,
    level: () => 'HIGH',
    levels: () => ['HIGH', 'LOW'],
    number: () => 'SECRET',
    numbers: () => ['SECRET'],
    plan: () => plan,
    plans: () => [plan, null],
    cover: () => ({ inside: plan, must: plan, title: 'Cover' }),
    nodes: () => [ada, place],
    node: () => place,
    things: () => [ada, place, plan],
    thing: () => plan,
    holder: () => ({ owner: { name: 'SECRET' }, title: 'Holder' }),
  },
  Mutation: {
    touch: () => 1,
    wipe: () => 7,
    mustWipe: () => 8,
    rename: (_, { name }) => ({ ...ada, name }),
  },
  Subscription: { ticks: stream, alarms: stream },
  Node: { __resolveType: typeOf },
  Thing: { __resolveType: typeOf },
  Actor: { __resolveType: () => 'Agent' },
  Owned: { __resolveType: () => 'Holder' },
  Person: {
    __resolveReference: ({ id }) => [ada, bob].find((one) => one.id === id),
    label: ({ name }) => `person ${name}`,
    email: ({ name }) => `${name}@example.org`,
    birthday: () => '1815-12-10',
    friends: ({ id }) => (id === '1' ? [bob] : []),
    pairs: () => [[ada, bob]],
    savings: () => 1_000,
    home: () => ({ street: 'Main', city: 'Bern' }),
  },
}
