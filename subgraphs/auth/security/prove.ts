import { audit } from '#kit/audit'
import type { Database, Sql, Transaction } from '#kit/postgres'
import type { Vault } from '#kit/vault'
import { spendRecoveryHash } from '../recovery/queries.ts'
import { recoveryCodeFrom, recoveryHashOf } from '../recovery/rules.ts'
import { spendTotp } from '../totp/queries.ts'
import { totpCodeFrom } from '../totp/rules.ts'
import { factorChanged } from './change.ts'
import { beginProof, forgetProofFailures, proofLockedUntil } from './queries.ts'
import { freeProofs } from './rules.ts'

export type Refusal =
  | { outcome: 'refused'; attemptsLeft: number }
  | { outcome: 'locked'; until: Date }
export type Proof<T> = { outcome: 'proven'; value: T } | Refusal

type Deps = { readonly db: Database; readonly now: () => Date }
type Try<T> = (sql: Transaction, at: Date) => Promise<T | null>

/**
 * One try at a code. It counts against the person before it is looked at, over every way in which
 * codes are tried, so that neither two ways nor many tries at one moment get more than one lock
 * allows. What a right one does happens in `use`, and in one transaction with taking the count back.
 */
export async function prove<T>(
  { db, now }: Deps,
  personId: string,
  use: Try<T>,
): Promise<Proof<T>> {
  const at = now()
  const begun = await db.write((sql) => beginProof(sql, { personId, at }))
  if (!begun) {
    const until = await db.read((sql) => proofLockedUntil(sql, personId))
    return { outcome: 'locked', until: until ?? at }
  }
  const value = await db.write(async (sql) => {
    const used = await use(sql, at)
    if (used !== null) await forgetProofFailures(sql, personId)
    return used
  })
  if (value !== null) return { outcome: 'proven', value }
  const { lockedUntil, failed } = begun
  await db.write((sql) => tellFailed(sql, { personId, failed, locked: lockedUntil !== null }))
  return lockedUntil
    ? { outcome: 'locked', until: lockedUntil }
    : { outcome: 'refused', attemptsLeft: Math.max(0, freeProofs - failed) }
}

type Failure = { personId: string; failed: number; locked: boolean }

const tellFailed = (sql: Sql, { personId, ...detail }: Failure) =>
  audit(sql, {
    action: 'auth.second-factor-failed',
    actorId: null,
    entity: 'User',
    entityId: personId,
    detail,
  })

export type ProofMethod = 'totp' | 'recovery-code'

type CodeUse = {
  readonly personId: string
  readonly code: string
  readonly at: Date
  readonly vault: Vault
}

/** Uses up a recovery code and tells its owner. False when it does not count. */
export async function spendRecoveryCode(
  sql: Sql,
  { personId, code, at }: Omit<CodeUse, 'vault'>,
): Promise<boolean> {
  const plain = recoveryCodeFrom(code)
  const hash = recoveryHashOf(personId, plain ?? '')
  const used = await spendRecoveryHash(sql, { personId, hash, at })
  if (used) await factorChanged(sql, { personId, what: 'recovery-code-used' })
  return used
}

/** Six digits are of the app, anything else may be a recovery code. Null when the code does not count. */
export async function spendCode(sql: Sql, use: CodeUse): Promise<ProofMethod | null> {
  const code = totpCodeFrom(use.code)
  if (code === null) return (await spendRecoveryCode(sql, use)) ? 'recovery-code' : null
  return (await spendTotp(sql, { ...use, code, confirms: false })) ? 'totp' : null
}

/** Proves a second factor by a code of the app or a recovery code; the code is used up. */
export const proveCode = (
  deps: Deps & { readonly vault: Vault },
  { personId, code }: { readonly personId: string; readonly code: string },
): Promise<Proof<ProofMethod>> =>
  prove(deps, personId, (sql, at) => spendCode(sql, { personId, code, at, vault: deps.vault }))
