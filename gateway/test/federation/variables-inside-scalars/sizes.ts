import { echo } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
scalar JSON
enum Size { SMALL LARGE }
input Range { from: Int = 1, to: Int }
type Query { sized(size: Size, range: Range): String }
type Item @key(fields: "id") { id: ID!, echo(value: JSON): JSON }
`

type Sized = { readonly size?: string; readonly range?: object }

export const resolvers = {
  Query: { sized: (_: unknown, { size, range }: Sized) => `${size} ${JSON.stringify(range)}` },
  Item: { __resolveReference: (reference: object) => reference, echo },
}
