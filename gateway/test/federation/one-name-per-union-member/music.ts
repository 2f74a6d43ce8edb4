import { results, typeOf } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { search: [Result!]! }
union Result = Song | Album | Artist
type Song @key(fields: "id") { id: ID!, seconds(unit: String = "s"): Int! }
type Album @key(fields: "id") { id: ID!, tracks(min: Int = 0): Int! }
type Artist @key(fields: "id") { id: ID!, name: String! }
`

export const resolvers = {
  Query: { search: () => results },
  Result: { __resolveType: typeOf },
  Song: {
    seconds: ({ seconds }: { seconds: number }, { unit }: { unit: string }) =>
      unit === 'ms' ? seconds * 1_000 : seconds,
  },
  Album: {
    tracks: ({ tracks }: { tracks: number }, { min }: { min: number }) => Math.max(tracks, min),
  },
}
