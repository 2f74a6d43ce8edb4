import type { Sql } from '#kit/postgres'
import {
  type Factors,
  hasFactor,
  proofFailuresForgottenAfterHours,
  proofLockSeconds,
} from './rules.ts'

export type ProofAttempt = { failed: number; lockedUntil: Date | null }

/**
 * Counts a try as failed before the code is looked at, so that tries made at the same moment cannot
 * pass the lock together. Null when the person is locked; nothing is counted then.
 */
export async function beginProof(
  sql: Sql,
  { personId, at }: { personId: string; at: Date },
): Promise<ProofAttempt | null> {
  const failed = sql`
    (case when row.failed_at < ${at}::timestamptz - make_interval(hours => ${proofFailuresForgottenAfterHours})
      then 1 else row.failed + 1 end)`
  const seconds = sql`
    (${[...proofLockSeconds]}::int[])[least(${failed}, ${proofLockSeconds.length}::int)]`
  const [attempt] = await sql<ProofAttempt[]>`
    insert into factor_failure as row (person_id, failed, failed_at)
    values (${personId}, 1, ${at})
    on conflict (person_id) do update set
      failed = ${failed},
      failed_at = excluded.failed_at,
      locked_until = case when ${seconds} > 0
        then excluded.failed_at + make_interval(secs => ${seconds}) end
    where row.locked_until is null or row.locked_until <= ${at}
    returning failed, locked_until`
  return attempt ?? null
}

/** When the person's lock ends; null when there is none. */
export async function proofLockedUntil(sql: Sql, personId: string): Promise<Date | null> {
  const [row] = await sql<{ lockedUntil: Date | null }[]>`
    select locked_until
    from factor_failure
    where person_id = ${personId}`
  return row?.lockedUntil ?? null
}

export const forgetProofFailures = (sql: Sql, personId: string) => sql`
  delete from factor_failure
  where person_id = ${personId}`

/** Removes counters, challenges and enrolments that no longer matter. */
export async function sweepProofs(sql: Sql, at: Date): Promise<void> {
  await sql`
    delete from factor_failure
    where failed_at < ${at}::timestamptz - make_interval(hours => ${proofFailuresForgottenAfterHours})`
  await sql`delete from passkey_challenge where expires_at < ${at}`
  await sql`delete from totp where pending_until < ${at}`
}

/** What somebody can prove themselves with beside the password. All of it is absent for a stranger. */
export async function factorsOf(sql: Sql, personId: string): Promise<Factors> {
  const [row] = await sql<Factors[]>`
    select
      exists (select 1 from totp where person_id = ${personId} and confirmed_at is not null) as totp,
      (select count(*)::int from passkey where person_id = ${personId}) as passkeys,
      (select count(*)::int from recovery_code
        where person_id = ${personId} and used_at is null) as recovery_codes`
  return row ?? { totp: false, passkeys: 0, recoveryCodes: 0 }
}

/** True for somebody who is asked for more than the password. */
export const hasSecondFactor = async (sql: Sql, personId: string): Promise<boolean> =>
  hasFactor(await factorsOf(sql, personId))

/**
 * Changes of one person's factors take turns until the transaction ends: two that each remove one
 * must not both believe that the other one stays.
 */
export const lockFactors = (sql: Sql, personId: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended('auth.factors ' || ${personId}, 0))`
