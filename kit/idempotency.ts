import { createHash } from 'node:crypto'
import { AppError } from './errors.ts'
import type { Json, Sql, Transaction } from './postgres.ts'

export type IdempotentRequest = {
  /** Who asks: keys of different people never meet. */
  readonly principal: string
  /** Chosen by the client, kept for 24 hours. */
  readonly key: string
  readonly operation: string
  /** All that decides the answer; the order of its keys does not matter. */
  readonly request: Json
}

/** A key of a megabyte would fit into no index. */
const keyMax = 200

/**
 * Does `work` at most once for a key, inside the caller's transaction: key and work commit or roll
 * back together, and a duplicate that arrives meanwhile waits and gets the same answer. Throws
 * IDEMPOTENCY_MISMATCH when the key was used for another request,
 * BAD_USER_INPUT for one that is empty or too long.
 */
export async function once<T extends Json>(
  sql: Transaction,
  { principal, key, operation, request }: IdempotentRequest,
  work: () => Promise<T>,
): Promise<T> {
  if (key === '' || key.length > keyMax) {
    throw new AppError('BAD_USER_INPUT', `An idempotency key has 1 to ${keyMax} characters.`)
  }
  const requestHash = fingerprintOf(request)
  const [claimed] = await sql`
    insert into idempotency as known (principal, key, operation, request_hash)
    values (${principal}, ${key}, ${operation}, ${requestHash})
    on conflict (principal, key) do update
    set operation = excluded.operation,
      request_hash = excluded.request_hash,
      response = null,
      created_at = default,
      expires_at = default
    where known.expires_at <= now()
    returning key`
  if (!claimed) return storedAnswer<T>(sql, { principal, key, operation, requestHash })
  const response = await work()
  await sql`
    update idempotency
    set response = ${sql.json(response)}
    where principal = ${principal} and key = ${key}`
  return response
}

/**
 * Frees a key in the transaction that used it. For a refusal that did nothing and that may end: the
 * same request may get through with the same key later.
 */
export const forget = (
  sql: Transaction,
  { principal, key }: Pick<IdempotentRequest, 'principal' | 'key'>,
) => sql`delete from idempotency where principal = ${principal} and key = ${key}`

type Stored<T> = { readonly operation: string; readonly requestHash: Buffer; readonly response: T }
type Asked = Omit<IdempotentRequest, 'request'> & { readonly requestHash: Buffer }

async function storedAnswer<T>(sql: Sql, asked: Asked): Promise<T> {
  const [stored] = await sql<Stored<T>[]>`
    select operation, request_hash, response
    from idempotency
    where principal = ${asked.principal} and key = ${asked.key}`
  if (stored?.operation !== asked.operation || !stored.requestHash.equals(asked.requestHash)) {
    throw new AppError('IDEMPOTENCY_MISMATCH', 'This idempotency key was used for another request.')
  }
  return stored.response
}

/** The same for the same request; the order of its keys does not matter. */
export const fingerprintOf = (request: Json): Buffer =>
  createHash('sha256')
    .update(JSON.stringify(sorted(request)))
    .digest()

function sorted(value: Json | undefined): Json {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value ?? null
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]),
  )
}
