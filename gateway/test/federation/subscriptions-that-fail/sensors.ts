import { refuse } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { sensors: Int! }
type Sensor @key(fields: "id") { id: ID!, place: String, owner: String! }
`

type Sensor = { readonly id: string }

export const resolvers = {
  Query: { sensors: () => 2 },
  Sensor: {
    __resolveReference: (reference: Sensor) => reference,
    place: ({ id }: Sensor) => (id === 'bad' ? refuse() : 'roof'),
    owner: ({ id }: Sensor) => (id === 'bad' ? refuse() : 'Ada'),
  },
}
