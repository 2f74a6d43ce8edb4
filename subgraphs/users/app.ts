import type { JWK } from 'jose'
import { createVerifier } from '#kit/identity-token'
import type { Log } from '#kit/log'
import type { Pool } from '#kit/postgres'
import { createSubgraph } from '#kit/subgraph'
import { contextOf } from './context.ts'
import { schema } from './schema.ts'

export type UsersDeps = {
  sql: Pool
  identityJwks: readonly JWK[]
  log: Log
  now: () => Date
}

/** People, coaches and who is calling. */
export const createUsers = ({ sql, identityJwks, log, now }: UsersDeps) => {
  const verifier = createVerifier({ publicJwks: identityJwks, audience: 'users', now })
  const graph = createSubgraph({ schema, sql, verifier, log, now, extend: contextOf })
  return { fetch: graph.fetch }
}
