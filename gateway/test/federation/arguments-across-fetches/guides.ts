export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
type Query { guided: [Trip!]! }
input Wish { lang: String, min: Int, tags: [String!] }
type Trip @key(fields: "id") {
  id: ID!
  guide(wish: Wish, first: Int = 1): String!
  note(lang: String! = "de"): String! @shareable
  next(steps: Int!): Trip
}
`

type Trip = { readonly id: string }

export const resolvers = {
  Query: { guided: () => [{ id: '2' }] },
  Trip: {
    __resolveReference: (reference: Trip) => reference,
    guide: ({ id }: Trip, args: object) => `${id} ${JSON.stringify(args)}`,
    note: (_: unknown, { lang }: { lang: string }) => `note in ${lang}`,
    next: ({ id }: Trip, { steps }: { steps: number }) => ({ id: String(Number(id) + steps) }),
  },
}
