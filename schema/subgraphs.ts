/** One row a subgraph: `bun run new` adds one, composition, the stack and the gateway read it. */
export const subgraphs = [
  { name: 'users', port: 4001 },
  { name: 'bookings', port: 4002 },
  { name: 'billing', port: 4003 },
  { name: 'auth', port: 4004 },
] as const

export type SubgraphName = (typeof subgraphs)[number]['name']

/** Everything that owns a PostgreSQL schema and a login role: the subgraphs and the gateway. */
export const databaseServices = [...subgraphs.map(({ name }) => name), 'gateway'] as const
