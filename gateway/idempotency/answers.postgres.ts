import { randomUUID } from 'node:crypto'
import { database, type Pool, type Sql, systemContext } from '#kit/postgres'
import type { Vault } from '#kit/vault'
import type { Claim, Claimed, IdempotentAnswers } from './answers.ts'

type AnswersDeps = {
  readonly sql: Pool
  /** An answer may hold what is shown once. */
  readonly vault: Vault
  /** Longer than an operation may run: whoever has not answered by then has gone. */
  readonly leaseMs: number
}

const sweptAtOnce = 100
/** Answers of mutations are short. */
const charactersMax = 262_144

/**
 * Answers in `gateway.idempotent_request`, by PostgreSQL's clock. A key whose instance has gone is
 * taken over by the next who asks only when it is repeatable; otherwise it stays lost until its day
 * is over, because the mutation may have been carried out.
 */
export function answersIn({ sql, vault, leaseMs }: AnswersDeps): IdempotentAnswers {
  const db = database(sql, systemContext)
  const ownerOf = (hash: Buffer) => `idempotent ${hash.toString('hex')}`
  return {
    claim: (claim) =>
      db.write(async (tx) => {
        const attempt = randomUUID()
        if (await isClaimed(tx, { ...claim, attempt, leaseMs })) {
          await sweepOver(tx)
          return { is: 'claimed', attempt }
        }
        const open = (body: Buffer | null) => body && vault.open(body, ownerOf(claim.hash))
        return standingOf(tx, claim, open)
      }),
    keep: async ({ hash, attempt }, { status, contentType, body }) => {
      const sealed = body.length > charactersMax ? null : vault.seal(body, ownerOf(hash))
      await db.write(
        (tx) => tx`
          update gateway.idempotent_request
          set status = ${status}, content_type = ${contentType}, body = ${sealed}
          where hash = ${hash} and attempt = ${attempt}`,
      )
    },
    release: async ({ hash, attempt }) => {
      await db.write(
        (tx) => tx`
          delete from gateway.idempotent_request
          where hash = ${hash} and attempt = ${attempt} and status is null`,
      )
    },
  }
}

type NewClaim = Claim & { readonly attempt: string; readonly leaseMs: number }

async function isClaimed(sql: Sql, claim: NewClaim): Promise<boolean> {
  const { hash, fingerprint, attempt, isRepeatable, leaseMs } = claim
  const rows = await sql`
    insert into gateway.idempotent_request as known
      (hash, fingerprint, attempt, is_repeatable, leased_until, expires_at)
    values (
      ${hash}, ${fingerprint}, ${attempt}, ${isRepeatable},
      now() + ${leaseMs}::float8 * interval '1 millisecond', now() + interval '24 hours'
    )
    on conflict (hash) do update
    set fingerprint = excluded.fingerprint,
      attempt = excluded.attempt,
      is_repeatable = excluded.is_repeatable,
      leased_until = excluded.leased_until,
      expires_at = excluded.expires_at,
      status = null,
      content_type = null,
      body = null
    where known.expires_at <= now()
      or (
        known.status is null and known.leased_until <= now() and known.is_repeatable
        and known.fingerprint = excluded.fingerprint
      )
    returning 1`
  return rows.length > 0
}

type Row = {
  fingerprint: Buffer
  isOver: boolean
  status: number | null
  contentType: string | null
  body: Buffer | null
}

async function standingOf(
  sql: Sql,
  { hash, fingerprint }: Claim,
  open: (body: Buffer | null) => string | null,
): Promise<Claimed> {
  const [row] = await sql<Row[]>`
    select fingerprint, leased_until <= now() as is_over, status, content_type, body
    from gateway.idempotent_request
    where hash = ${hash}`
  // Freed in between: whoever asks again gets it.
  if (!row) return { is: 'running' }
  if (!row.fingerprint.equals(fingerprint)) return { is: 'other' }
  const { status, contentType, body } = row
  if (status === null || contentType === null) return { is: row.isOver ? 'lost' : 'running' }
  return { is: 'answered', answer: { status, contentType, body: open(body) } }
}

/** A few at a time, with each claim: the table stays as long as a day's keys. */
const sweepOver = (sql: Sql) => sql`
  delete from gateway.idempotent_request
  where hash in (
    select hash
    from gateway.idempotent_request
    where expires_at < now()
    order by expires_at
    limit ${sweptAtOnce}
    for update skip locked)`
