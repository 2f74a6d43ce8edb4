import { createHash } from 'node:crypto'
import type { Database, Sql } from '#kit/postgres'
import { countFailure } from '../failure/queries.ts'
import { hashPassword, isLegacy, passwordMatches } from './password.ts'
import {
  type AccountRow,
  accountByEmail,
  beginAttempt,
  forgetFailures,
  legacyRounds,
  lockedUntil,
  rehash,
} from './queries.ts'
import type { Turns } from './turns.ts'

export type Credentials = { email: string; password: string }
export type SignIn =
  | { outcome: 'signed-in'; account: AccountRow }
  | { outcome: 'refused' }
  | { outcome: 'locked'; until: Date }

const hashOf = (email: string) =>
  createHash('sha256').update(email.normalize('NFKC').toLowerCase()).digest()

/**
 * Accounts have addresses in ASCII. PostgreSQL takes some other letters for equal, such as `İ` for
 * `i`: each spelling would get tries of its own.
 */
const mayHaveAccount = (email: string) => /^[\x21-\x7e]+$/.test(email)

const accountOf = (db: Database, email: string) =>
  db.read(async (sql) => ({
    account: mayHaveAccount(email) ? await accountByEmail(sql, email) : null,
    rounds: await legacyRounds(sql),
  }))

/** The one moment in which the password is known: its hash becomes one of ours. */
async function renewHash(db: Database, { id, passwordHash }: AccountRow, password: string) {
  if (!isLegacy(passwordHash)) return
  const to = await hashPassword(password)
  await db.write((sql) => rehash(sql, { id, from: passwordHash, to }))
}

/** Whoever proved by letter whose account it is need not wait for the lock's end. */
export const forgetFailuresOf = (sql: Sql, email: string) => forgetFailures(sql, hashOf(email))

type Deps = { db: Database; turns: Turns; now: () => Date }

/**
 * Decides who signs in. A wrong password, an unknown e-mail and a disabled account end alike:
 * same answer, same work, same lock. Attempts on one e-mail take turns, so that one that is not
 * decided yet does not count against a right password; the database counts for all processes.
 */
export function signIn({ db, turns, now }: Deps, given: Credentials): Promise<SignIn> {
  const email = given.email.trim()
  const emailHash = hashOf(email)
  return turns.take(emailHash.toString('hex'), () =>
    attempt(db, { email, emailHash, password: given.password, at: now() }),
  )
}

type Attempted = Credentials & { emailHash: Buffer; at: Date }

async function attempt(db: Database, { email, emailHash, password, at }: Attempted) {
  const begun = await db.write((sql) => beginAttempt(sql, emailHash, at))
  if (!begun) {
    await db.write((sql) => countFailure(sql, { email, at }))
    const until = await db.read((sql) => lockedUntil(sql, emailHash))
    return { outcome: 'locked' as const, until: until ?? at }
  }
  const { account, rounds } = await accountOf(db, email)
  const matches = await passwordMatches(account?.passwordHash ?? null, password, rounds)
  if (account && matches && !account.disabledAt) {
    await db.write((sql) => forgetFailures(sql, emailHash))
    await renewHash(db, account, password)
    return { outcome: 'signed-in' as const, account }
  }
  await db.write((sql) => countFailure(sql, { email, at }))
  return begun.lockedUntil
    ? { outcome: 'locked' as const, until: begun.lockedUntil }
    : { outcome: 'refused' as const }
}
