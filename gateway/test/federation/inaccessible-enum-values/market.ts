import { metals } from './data.ts'

export const sdl = `
extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@inaccessible"]
)
enum Grade { OPEN SOLD HIDDEN @inaccessible }
type Query { market: String }
type Metal @key(fields: "id") { id: ID!, offered: Grade, mustOffer: Grade!, all: [Grade!]! }
`

export const resolvers = {
  Query: { market: () => 'open' },
  Metal: {
    __resolveReference: ({ id }: { id: string }) => metals.find((one) => one.id === id),
    offered: ({ grade }: { grade: string }) => grade,
    mustOffer: ({ grade }: { grade: string }) => grade,
    all: ({ grade }: { grade: string }) => ['SOLD', grade],
  },
}
