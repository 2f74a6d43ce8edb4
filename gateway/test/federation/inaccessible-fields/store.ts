import { parcels } from './data.ts'

export const sdl = `
extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@inaccessible"]
)
type Query {
  parcels(first: Int = 10, drafts: Boolean = false @inaccessible): [Parcel!]!
  internal: String @inaccessible
  search(filter: Filter): [Parcel!]!
}
input Filter { name: String, grams: Int = 400 @inaccessible }
type Parcel @key(fields: "code") {
  id: ID!
  code: ID! @inaccessible
  grams: Int! @inaccessible
  name: String!
  stamp: Stamp!
}
type Stamp { text(upper: Boolean, secret: Boolean = true @inaccessible): String, worth: Int @inaccessible }
`

type Found = { filter?: { name?: string; grams?: number } }

export const resolvers = {
  Query: {
    parcels: (_: unknown, { first, drafts }: { first: number; drafts: boolean }) =>
      drafts ? [] : parcels.slice(0, first),
    internal: () => 'internal',
    search: (_: unknown, { filter }: Found) =>
      parcels.filter(({ grams }) => grams === filter?.grams),
  },
}
