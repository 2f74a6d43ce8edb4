import { guest } from './data.ts'

export const sdl = `
extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@tag", "@shareable"]
)
"Who sleeps here."
type Guest @key(fields: "id") @tag(name: "people") {
  id: ID!
  """
  What friends say.

  Not unique.
  """
  nick: String @deprecated(reason: "Say \\"name\\".")
  name("Also the first one." long: Boolean = true, old: Int @deprecated): String
}
enum Room { SINGLE DOUBLE @deprecated(reason: "Renovated.") }
input Stay { nights: Int! = 1, breakfast: Boolean @deprecated }
scalar Day @specifiedBy(url: "https://example.org/day")
type Query { guest: Guest, room(stay: Stay, on: Day): Room }
`

export const resolvers = { Query: { guest: () => guest, room: () => 'DOUBLE' } }
