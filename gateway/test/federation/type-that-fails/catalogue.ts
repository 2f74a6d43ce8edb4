type Work = { readonly __typename: string; readonly id: string }

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { works: [Work!]! }
interface Work @key(fields: "id") { id: ID! }
type Book implements Work @key(fields: "id") { id: ID!, pages: Int! }
type Film implements Work @key(fields: "id") { id: ID!, minutes: Int! }
`

const works: readonly Work[] = [
  { __typename: 'Book', id: 'b' },
  { __typename: 'Film', id: 'f' },
]

const workOf = ({ id }: { id: string }) => works.find((work) => work.id === id)

export const resolvers = {
  Query: { works: () => works },
  Work: { __resolveType: ({ __typename }: Work) => __typename, __resolveReference: workOf },
  Book: { __resolveReference: workOf, pages: () => 400 },
  // It may not be null, so there is no film in the answer, and nothing tells that it is one.
  Film: { __resolveReference: workOf, minutes: () => null },
}
