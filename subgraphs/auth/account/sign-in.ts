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

export type Credentials = { email: string; password: string }
export type SignIn =
  | { outcome: 'signed-in'; account: AccountRow }
  | { outcome: 'refused' }
  | { outcome: 'locked'; until: Date }

const hashOf = (email: string) =>
  createHash('sha256').update(email.normalize('NFKC').toLowerCase()).digest()

/**
 * Decides who signs in. A wrong password, an unknown e-mail and a disabled account end alike:
 * same answer, same work, same lock.
 */
export async function signIn(db: Database, given: Credentials, at: Date): Promise<SignIn> {
  const email = given.email.trim()
  const emailHash = hashOf(email)
  const attempt = await db.write((sql) => beginAttempt(sql, emailHash, at))
  if (!attempt) {
    const until = await db.read((sql) => lockedUntil(sql, emailHash))
    return { outcome: 'locked', until: until ?? at }
  }
  const account = await db.read((sql) => accountByEmail(sql, email))
  const matches = await passwordMatches(account?.passwordHash ?? null, given.password)
  if (account && matches && !account.disabledAt) {
    await db.write((sql) => forgetFailures(sql, emailHash))
    return { outcome: 'signed-in', account }
  }
  return attempt.lockedUntil
    ? { outcome: 'locked', until: attempt.lockedUntil }
    : { outcome: 'refused' }
}
