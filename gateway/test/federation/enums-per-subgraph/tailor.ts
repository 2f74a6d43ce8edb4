import { shirts } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
enum Size { SMALL HUGE }
enum Filter { CHEAP OLD }
type Query { tailorFilter(by: [Filter!]): [String!] }
type Shirt @key(fields: "id") { id: ID!, tailored: Size, tailoredList: [Size] }
`

export const resolvers = {
  Query: {
    tailorFilter: (_: unknown, { by }: { by: string[] }) => by.map((one) => `tailor ${one}`),
  },
  Shirt: {
    __resolveReference: ({ id }: { id: string }) => shirts.find((shirt) => shirt.id === id),
    tailored: ({ size }: { size: string }) => size,
    tailoredList: ({ size }: { size: string }) => [size, null],
  },
}
