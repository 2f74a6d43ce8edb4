import { trips } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
type Query { trips(first: Int): [Trip!]!, label(of: String!): String! }
type Trip @key(fields: "id") {
  id: ID!
  legs(from: String): [Leg!]!
  note(lang: String! = "de"): String! @shareable
}
type Leg { from: String!, to: String!, fare(class: Int! = 2): Int! }
`

type Trip = (typeof trips)[number]

export const resolvers = {
  Query: {
    trips: (_: unknown, { first = 9 }: { first?: number }) => trips.slice(0, first),
    label: (_: unknown, { of }: { of: string }) => `label of ${of}`,
  },
  Trip: {
    __resolveReference: ({ id }: { id: string }) => trips.find((trip) => trip.id === id),
    legs: ({ legs }: Trip, { from }: { from?: string }) =>
      from === undefined ? legs : legs.filter((leg) => leg.from === from),
    note: (_: unknown, { lang }: { lang: string }) => `note in ${lang}`,
  },
  Leg: { fare: (_: unknown, args: { class: number }) => 100 * args.class },
}
