import type { Resolvers } from '../federation/harness/subgraph.ts'

export const sdl = `
extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@external", "@requires", "@requiresScopes", "@authenticated", "@interfaceObject"]
)
type Query { jobs: [Job!]!, job: Job }
type Mutation { hire(name: String!): Job @authenticated }
type Job @key(fields: "id") { id: ID!, title: String, holder: Person, pay: Int @requiresScopes(scopes: [["pay"]]) }
type Person @key(fields: "id") {
  id: ID!
  birthday: String! @external
  jobs: [Job!]!
  salary: Int! @requiresScopes(scopes: [["pay"]])
  bonus: Int @requiresScopes(scopes: [["pay", "bonus"]])
  mentor: Person
  age: Int @requires(fields: "birthday") @authenticated
  wealth: Int @requires(fields: "savings")
  savings: Int @external
}
`

const job = { id: 'j1', title: 'Nurse', holder: { id: '2' }, pay: 100 }

export const resolvers: Resolvers = {
  Query: { jobs: () => [job], job: () => job },
  Mutation: { hire: () => job },
  Job: { __resolveReference: () => job },
  Person: {
    __resolveReference: (reference) => reference,
    jobs: () => [job],
    salary: ({ id }) => Number(id) * 1_000,
    bonus: () => 50,
    mentor: () => ({ id: '2' }),
    wealth: ({ savings }) => Number(savings) * 12,
    age: ({ birthday }) => 2_026 - Number(String(birthday).slice(0, 4)),
  },
}
