export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { lab: String, samples: [Leaf!], mustHave: Int! }
type Mutation { analyse: Int }
type Plant @key(fields: "id") { id: ID!, dna: String, mustHave: String! }
type Leaf @key(fields: "id") { id: ID!, area: Float }
`

export const resolvers = {}

export const answer = () => new Response('Bad gateway', { status: 502 })
