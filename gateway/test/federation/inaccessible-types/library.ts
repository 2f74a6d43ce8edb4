import { finds } from './data.ts'

export const sdl = `
extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@inaccessible"]
)
type Query {
  found: [Found]
  strict: [Found!]!
  media: [Media]
  book: Book
  one: Found
}
union Found = Book | Draft
interface Media { id: ID! title: String }
interface Internal @inaccessible { id: ID! }
type Book implements Media & Internal @key(fields: "id") { id: ID!, title: String }
type Draft implements Media & Internal @key(fields: "id") @inaccessible { id: ID!, title: String }
`

const typeOf = ({ __typename }: { __typename: string }) => __typename

export const resolvers = {
  Query: {
    found: () => finds,
    strict: () => finds,
    media: () => finds,
    book: () => finds[0],
    one: () => finds[1],
  },
  Found: { __resolveType: typeOf },
  Media: { __resolveType: typeOf },
  Internal: { __resolveType: typeOf },
}
