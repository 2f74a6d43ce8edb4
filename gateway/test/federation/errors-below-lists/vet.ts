import { fail } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { vets: Int! }
type Lion @key(fields: "id") { id: ID!, healthy: Boolean, shots: [Shot] }
type Snake @key(fields: "id") { id: ID!, healthy: Boolean! }
type Shot { name: String!, dose(unit: String = "ml"): Int }
`

type Animal = { readonly id: string }

export const resolvers = {
  Query: { vets: () => 1 },
  Lion: {
    __resolveReference: (reference: Animal) => reference,
    healthy: ({ id }: Animal) => (id === 'l2' ? fail('record') : true),
    shots: ({ id }: Animal) => [{ name: `${id} a` }, null, { name: `${id} b` }],
  },
  Snake: {
    __resolveReference: (reference: Animal) => reference,
    healthy: ({ id }: Animal) => (id === 's1' ? fail('record') : true),
  },
  Shot: {
    dose: ({ name }: { name: string }) => (name === 'l1 b' ? fail('dose') : 5),
  },
}
