/** A subgraph of Federation 1: no `@link`, and types of others are extended. */
export const sdl = `
extend type Query { me: User, users: [User], node: Node }
type Mutation { login(name: String): User }
type User @key(fields: "id") @key(fields: "username name { first last }") {
  id: ID!
  username: String
  name: Name
  birth(locale: String): String
  account: AccountType
  metadata: [Meta]
}
type Name { first: String, last: String }
union AccountType = PasswordAccount | SMSAccount
type PasswordAccount @key(fields: "email") { email: String! }
type SMSAccount @key(fields: "number") { number: String }
union Meta = KV | Err
type KV { key: String!, value: String! }
type Err { code: Int, message: String }
interface Node { id: ID! }
type Library implements Node @key(fields: "id") { id: ID!, name: String }
`

const ada = { id: '1', username: 'ada', name: { first: 'Ada', last: 'Lovelace' } }
const bob = { id: '2', username: 'bob', name: { first: 'Bob', last: 'Built' } }

export const resolvers = {
  Query: { me: () => ada, users: () => [ada, bob], node: () => ({ id: 'l1', name: 'Main' }) },
  Mutation: { login: (_: unknown, { name }: { name: string }) => ({ ...bob, username: name }) },
  User: {
    __resolveReference: ({ id }: { id: string }) => [ada, bob].find((one) => one.id === id),
    birth: (_: unknown, { locale }: { locale?: string }) => `born in ${locale ?? 'English'}`,
    account: ({ id }: { id: string }) =>
      id === '1' ? { email: 'ada@example.org' } : { number: '7' },
    metadata: () => [
      { key: 'k', value: 'v' },
      { code: 4, message: 'gone' },
    ],
  },
  AccountType: {
    __resolveType: (it: object) => ('email' in it ? 'PasswordAccount' : 'SMSAccount'),
  },
  Meta: { __resolveType: (it: object) => ('key' in it ? 'KV' : 'Err') },
  Node: { __resolveType: () => 'Library' },
}
