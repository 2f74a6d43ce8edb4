import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Machine @key(fields: "id") {
    id: ID!
    size: Size @external
    parts: [Part]! @external
    area: Int @requires(fields: "size { width height }")
    cost: Int! @requires(fields: "parts { cost }")
    given: String! @requires(fields: "size { height } parts { cost }")
  }
  type Size @shareable { width: Int!, height: Int! }
  type Part @shareable { cost: Int!, name: String }
`

type Machine = {
  readonly size: { readonly width: number; readonly height: number } | null
  readonly parts: readonly ({ readonly cost: number } | null)[]
}

export const resolvers: Resolvers = {
  Machine: {
    area: ({ size }: Machine) => size && size.width * size.height,
    cost: ({ parts }: Machine) => parts.reduce((sum, part) => sum + (part?.cost ?? 100), 0),
    given: ({ size, parts }: Machine) =>
      `${size?.height} ${parts.map((part) => part?.cost ?? null).join('+')}`,
  },
}
