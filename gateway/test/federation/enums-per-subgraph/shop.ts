import { shirts } from './data.ts'

// As output an enum is the union of what the subgraphs know, as input what all of them know.
export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
enum Size { SMALL LARGE }
enum Filter { CHEAP NEW }
type Query {
  shirts: [Shirt!]!
  sizes: [Size!]! @shareable
  shopFilter(by: Filter!): String
}
type Shirt @key(fields: "id") { id: ID!, size: Size }
`

export const resolvers = {
  Query: {
    shirts: () => shirts.map(({ id }) => ({ id, size: 'SMALL' })),
    sizes: () => ['SMALL', 'LARGE'],
    shopFilter: (_: unknown, { by }: { by: string }) => `shop ${by}`,
  },
}
