import type { Sql } from '#kit/postgres'
import type { Vault } from '#kit/vault'
import { matchingStep, newTotpSecret } from './rules.ts'

type Pending = { readonly personId: string; readonly secret: Buffer; readonly pendingUntil: Date }

/** Starts an enrolment, in the place of one that waits. False when one is confirmed. */
export async function startTotp(
  sql: Sql,
  { personId, secret, pendingUntil }: Pending,
): Promise<boolean> {
  const started = await sql`
    insert into totp (person_id, secret, pending_until)
    values (${personId}, ${secret}, ${pendingUntil})
    on conflict (person_id) do update set
      secret = excluded.secret,
      pending_until = excluded.pending_until,
      created_at = default
    where totp.confirmed_at is null
    returning person_id`
  return started.length > 0
}

type TotpRow = { secret: Buffer; confirmedAt: Date | null }

export async function totpOf(sql: Sql, personId: string): Promise<TotpRow | null> {
  const [row] = await sql<TotpRow[]>`
    select secret, confirmed_at
    from totp
    where person_id = ${personId}`
  return row ?? null
}

type Settle = {
  readonly personId: string
  readonly secret: Buffer
  readonly step: number
  readonly at: Date
  readonly confirms: boolean
  /** The same secret under the newest key: a key is over when everybody has used a code since. */
  readonly sealedAnew: Buffer
}

/**
 * Takes a step for good: one statement decides, so of two uses of a code at the same moment one
 * finds nothing. Source: RFC 6238, 5.2.
 */
async function settleStep(sql: Sql, settle: Settle) {
  const { personId, secret, sealedAnew, step, at, confirms } = settle
  const [settled] = await sql<{ confirmed: boolean }[]>`
    update totp
    set secret = ${sealedAnew}, last_step = ${step},
      confirmed_at = coalesce(confirmed_at, ${at}), pending_until = null
    where person_id = ${personId} and secret = ${secret} and last_step < ${step}
      and (confirmed_at is not null or (${confirms} and pending_until > ${at}))
    returning old.confirmed_at is null as confirmed`
  return settled ?? null
}

export type TotpSpending = {
  readonly personId: string
  readonly code: string
  readonly at: Date
  readonly vault: Vault
  /** True where a pending enrolment may be confirmed. */
  readonly confirms: boolean
}

/** Somebody without TOTP costs the same work. */
const decoy = newTotpSecret()

/** Null when the code does not count; else whether it confirmed an enrolment. */
export async function spendTotp(
  sql: Sql,
  { vault, code, ...use }: TotpSpending,
): Promise<{ confirmed: boolean } | null> {
  const row = await totpOf(sql, use.personId)
  const owner = totpOwner(use.personId)
  const secret = row && vault.open(row.secret, owner)
  const step = matchingStep(secret ?? decoy, code, use.at)
  if (!row || secret === null || step === null) return null
  const sealedAnew = vault.seal(secret, owner)
  return settleStep(sql, { ...use, secret: row.secret, sealedAnew, step })
}

/** To whom a sealed secret belongs: it does not open for another person, nor for another purpose. */
export const totpOwner = (personId: string): string => `totp ${personId}`

/** False when there was none. One that waits to be confirmed goes too. */
export async function deleteTotp(sql: Sql, personId: string): Promise<boolean> {
  const deleted = await sql`
    delete from totp
    where person_id = ${personId}
    returning person_id`
  return deleted.length > 0
}
