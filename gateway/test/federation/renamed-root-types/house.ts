import { lamp } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
schema { query: HouseQuery, mutation: HouseMutation, subscription: HouseEvents }
type HouseQuery { lamp: Lamp!, shared: Int! @shareable }
type HouseMutation { turn(on: Boolean!): Lamp! }
type HouseEvents { turned: Lamp! }
type Lamp @key(fields: "id") { id: ID!, isOn: Boolean!, house: HouseInfo }
type HouseInfo { name: String! }
`

async function* turns() {
  yield lamp
}

export const resolvers = {
  HouseQuery: { lamp: () => lamp, shared: () => 1 },
  HouseMutation: {
    turn: (_: unknown, { on }: { on: boolean }) => {
      lamp.isOn = on
      return lamp
    },
  },
  HouseEvents: { turned: { subscribe: turns, resolve: (event: unknown) => event } },
  Lamp: { house: () => ({ name: 'Home' }) },
}
