import { pets, typeOf } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { pets: [Pet!]!, creatures: [[Creature]], dog: Dog!, nobody: Cat }
type Mutation { adopt: Dog }
union Pet = Dog | Cat
interface Creature { id: ID! }
type Dog implements Creature @key(fields: "id") { id: ID!, name: String! }
type Cat implements Creature @key(fields: "id") { id: ID!, name: String! }
`

export const resolvers = {
  Query: {
    pets: () => pets,
    creatures: () => [pets, null],
    dog: () => pets[0],
    nobody: () => null,
  },
  Mutation: { adopt: () => pets[0] },
  Pet: { __resolveType: typeOf },
  Creature: { __resolveType: typeOf },
}
