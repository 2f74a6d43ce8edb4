import type { GraphQLSchema } from 'graphql'
import type { Log } from '#kit/log'
import type { Pool } from '#kit/postgres'
import { createVault, type VaultKey } from '#kit/vault'
import type { Quota } from './admission/quota.ts'
import type { Exchange, Stage } from './exchange.ts'
import { answersIn } from './idempotency/answers.postgres.ts'
import { type Asked, idempotent } from './idempotency/stage.ts'
import { chosenBy, type OperationsDeps } from './operations/choose.ts'
import { plainParamsFrom } from './operations/params.ts'

type Deps = {
  readonly sql: Pool
  readonly keys: readonly VaultKey[]
  readonly operations: OperationsDeps
  readonly schema: () => GraphQLSchema
  readonly quota: Quota
  readonly deadlineMs: number
  readonly log: Log
}

/** Requests with a key of their client's, before they come to the graph. */
export const idempotentOver = ({ sql, keys, operations, ...deps }: Deps): Stage =>
  idempotent({
    ...deps,
    // A mutation runs no longer than its deadline; what has come back by then is being written.
    answers: answersIn({ sql, vault: createVault(keys), leaseMs: deps.deadlineMs * 3 }),
    askedBy: (exchange) => askedBy(exchange, operations),
  })

async function askedBy(exchange: Exchange, operations: OperationsDeps): Promise<Asked | null> {
  const params = await plainParamsFrom(exchange)
  if (!params) return null
  try {
    return chosenBy(params, exchange, operations)
  } catch {
    // The graph words the refusal.
    return null
  }
}
