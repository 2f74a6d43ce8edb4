import { createHash } from 'node:crypto'
import { StripeFault } from './fault.ts'
import type { Store } from './store.ts'

export type Answer = { readonly status: number; readonly body: string }

const keptSeconds = 24 * 3_600

type Row = { request: string; status: number | null; body: string | null }

export const requestHash = (method: string, path: string, body: string) =>
  createHash('sha256').update(`${method} ${path}\n${body}`).digest('hex')

const mismatch = (key: string) =>
  new StripeFault(400, {
    type: 'idempotency_error',
    message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  })

const inUse = (key: string) =>
  new StripeFault(409, {
    type: 'idempotency_error',
    code: 'idempotency_key_in_use',
    message: `There is currently another in-progress request using this Idempotent Key (${key}). Please try again later.`,
  })

/** Takes a key for a call that begins now, or gives the answer of the call that had it. Throws StripeFault. */
export function claimKey(
  { database }: Store,
  { key, request, now }: { key: string; request: string; now: number },
): Answer | null {
  database.query('delete from answer where at <= ?').run(now - keptSeconds)
  const known = database
    .query<Row, [string]>('select request, status, body from answer where key = ?')
    .get(key)
  if (known && known.request !== request) throw mismatch(key)
  if (known && known.status !== null) return { status: known.status, body: known.body ?? '' }
  if (known) throw inUse(key)
  database.query('insert into answer (key, request, at) values (?, ?, ?)').run(key, request, now)
  return null
}

export const keepAnswer = ({ database }: Store, key: string, { status, body }: Answer) =>
  database.query('update answer set status = ?, body = ? where key = ?').run(status, body, key)

export const dropKey = ({ database }: Store, key: string) =>
  database.query('delete from answer where key = ?').run(key)
