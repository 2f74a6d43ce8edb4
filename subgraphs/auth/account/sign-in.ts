import { createHash } from 'node:crypto'
import type { Database } from '#kit/postgres'
import { passwordMatches } from './password.ts'
import {
  type AccountRow,
  accountByEmail,
  beginAttempt,
  forgetFailures,
  lockedUntil,
} from './queries.ts'
import type { Turns } from './turns.ts'

export type Credentials = { email: string; password: string }
export type SignIn =
  | { outcome: 'signed-in'; account: AccountRow }
  | { outcome: 'refused' }
  | { outcome: 'locked'; until: Date }

const hashOf = (email: string) =>
  createHash('sha256').update(email.normalize('NFKC').toLowerCase()).digest()

/** No account has an e-mail that PostgreSQL could not keep. */
const accountOf = async (db: Database, email: string) =>
  email.includes('\0') ? null : db.read((sql) => accountByEmail(sql, email))

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
    const until = await db.read((sql) => lockedUntil(sql, emailHash))
    return { outcome: 'locked' as const, until: until ?? at }
  }
  const account = await accountOf(db, email)
  const matches = await passwordMatches(account?.passwordHash ?? null, password)
  if (account && matches && !account.disabledAt) {
    await db.write((sql) => forgetFailures(sql, emailHash))
    return { outcome: 'signed-in' as const, account }
  }
  return begun.lockedUntil
    ? { outcome: 'locked' as const, until: begun.lockedUntil }
    : { outcome: 'refused' as const }
}
