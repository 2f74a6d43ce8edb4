import { createHash } from 'node:crypto'
import type { Pool, Sql, Transaction } from '#kit/postgres'

/** Where the chain is not what it was. */
export type Fault = {
  /** The first link at which it shows; one past the end where links are missing there. */
  readonly seq: number
  readonly reason: string
}

export type Chain = {
  readonly links: number
  /** SHA-256 of the last link that holds, in hex. */
  readonly lastHash: string
  readonly fault: Fault | null
}

type Link = { seq: number; text: string; previousHash: string; hash: string }
type Head = { seq: number; hash: string }

const batchSize = 5_000
const genesis = '00'.repeat(32)

/**
 * The text is made from the columns anew, with nothing but PostgreSQL's own functions, and hashed here: whatever
 * somebody did to a function or a trigger of the database does not count.
 */
const linksAfter = (sql: Sql, seq: number) => sql<Link[]>`
  select
    seq,
    jsonb_build_array(
      seq, id,
      to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
      to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
      source, actor_id, on_behalf_of, action, entity, entity_id, request_id, ip::text, detail,
      encode(previous_hash, 'hex'))::text as text,
    encode(previous_hash, 'hex') as previous_hash,
    encode(hash, 'hex') as hash
  from users.audit_event
  where seq > ${seq}
  order by seq
  limit ${batchSize}`

async function headOf(sql: Sql): Promise<Head | null> {
  const [head] = await sql<Head[]>`
    select seq, encode(hash, 'hex') as hash
    from users.audit_head`
  return head ?? null
}

/** Reads as a service that may: row-level security shows the chain to nobody else. No path bends what a name means. */
export const asReader = <T>(sql: Pool, read: (tx: Transaction) => Promise<T>): Promise<T> =>
  sql.begin('read only', async (tx) => {
    await tx`
      select
        set_config('app.scopes', 'system', true),
        set_config('search_path', 'pg_catalog', true),
        set_config('statement_timeout', '60000', true)`
    return read(tx)
  }) as Promise<T>

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

function faultOf(link: Link, before: Head): Fault | null {
  const { seq } = link
  if (seq !== before.seq + 1) return { seq: before.seq + 1, reason: 'it is missing' }
  if (link.previousHash !== before.hash) {
    return { seq, reason: 'it does not follow from the link before it' }
  }
  return sha256(link.text) === link.hash ? null : { seq, reason: 'it was changed' }
}

type Walk = { end: Head; fault: Fault | null; isAnchored: boolean }

/** From the first link to the last, batch by batch; links that come meanwhile are walked too. */
async function walk(sql: Pool, expected: string | null): Promise<Walk> {
  let end: Head = { seq: 0, hash: genesis }
  let isAnchored = expected === null || expected === genesis
  for (;;) {
    const links = await asReader(sql, (tx) => linksAfter(tx, end.seq))
    for (const link of links) {
      const fault = faultOf(link, end)
      if (fault) return { end, fault, isAnchored }
      end = link
      if (link.hash === expected) isAnchored = true
    }
    if (links.length < batchSize) return { end, fault: null, isAnchored }
  }
}

/** What is cut off at the end leaves a chain that holds: the head tells, and a hash that was kept elsewhere. */
function endFault({ end, isAnchored }: Walk, head: Head | null): Fault | null {
  const seq = end.seq + 1
  if (!head || head.seq > end.seq) return { seq, reason: 'it is missing, with all that came after' }
  if (head.seq === end.seq && head.hash !== end.hash) {
    return { seq: end.seq, reason: 'it is not the link that was added last' }
  }
  if (isAnchored) return null
  return {
    seq,
    reason: 'the expected hash is not in the chain: links were cut off or written anew',
  }
}

/** Each link moves the head in its own transaction: nothing that was walked lies past it. */
async function overhang(sql: Pool, end: Head): Promise<Fault | null> {
  const head = await asReader(sql, headOf)
  return head && head.seq < end.seq
    ? { seq: head.seq + 1, reason: 'it was not added as the others were' }
    : null
}

/** Walks the whole chain. `expected` is a hash that an earlier walk ended with. */
export async function verifyChain(sql: Pool, expected: string | null): Promise<Chain> {
  // Read first: what is added after it can only make the chain longer.
  const head = await asReader(sql, headOf)
  const walked = await walk(sql, expected)
  const { end } = walked
  const fault = walked.fault ?? endFault(walked, head) ?? (await overhang(sql, end))
  return { links: end.seq, lastHash: end.hash, fault }
}
