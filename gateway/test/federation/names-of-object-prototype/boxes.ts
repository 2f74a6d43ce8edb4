import { boxes } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { boxes: [Box!]!, given(isPrototypeOf: String): String, kind: valueOf }
enum valueOf { constructor toString }
type Box @key(fields: "id") { id: ID! }
`

type Args = { readonly isPrototypeOf?: string }

export const resolvers = {
  Query: {
    boxes: () => boxes,
    given: (_: unknown, args: Args) =>
      Object.hasOwn(args, 'isPrototypeOf') ? `given ${args.isPrototypeOf}` : 'not given',
    kind: () => 'constructor',
  },
}
