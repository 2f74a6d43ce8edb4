export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { rooms: Int! }
type Subscription { said(room: ID!): Message, shouted(times: Int! = 2): Person! }
type Message { text: String!, note: String, author: Person, readers: [Person!]! }
type Person @key(fields: "id") { id: ID! }
`

const messages = [
  { text: 'one', note: 'first', author: { id: 'a' }, readers: [{ id: 'b' }, { id: 'a' }] },
  { text: 'two', note: null, author: { id: 'a' }, readers: [] },
  { text: 'three', author: null, readers: [{ id: 'a' }] },
]

const echo = (event: unknown) => event

async function* saidIn(_: unknown, { room }: { room: string }) {
  for (const message of messages) yield { ...message, text: `${room} ${message.text}` }
}

async function* shouts(_: unknown, { times }: { times: number }) {
  for (let id = 1; id <= times; id++) yield { id: `s${id}` }
}

export const resolvers = {
  Query: { rooms: () => 1 },
  Subscription: {
    said: { subscribe: saidIn, resolve: echo },
    shouted: { subscribe: shouts, resolve: echo },
  },
}
