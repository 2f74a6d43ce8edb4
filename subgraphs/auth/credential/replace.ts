import { audit } from '#kit/audit'
import type { Sql } from '#kit/postgres'
import type { Accounts } from '../account/accounts.ts'
import { requestNotice } from '../letter/request.ts'
import { dropTokens } from '../letter/token.ts'
import { endOtherSessions } from './end-others.ts'

export type Replacement = {
  readonly personId: string
  readonly password: string
  readonly passwordHash: string
  readonly at: Date
  /** Why, as the audit names it. */
  readonly action: 'auth.password-changed' | 'auth.password-reset' | 'auth.password-renewed'
  /** The session that goes on; null when none does. */
  readonly own: string | null
  readonly requestId: string | null
}

/**
 * A new password in the place of the old one: other sessions end, links that were sent lead nowhere,
 * the owner is told by letter, and the audit says why. Gives how many sessions ended; null when the
 * account is gone.
 */
export async function replacePassword(
  sql: Sql,
  { directory }: Pick<Accounts, 'directory'>,
  { personId, action, own, at, requestId, ...secret }: Replacement,
): Promise<number | null> {
  if (!(await directory.setPassword(sql, { id: personId, at, ...secret }))) return null
  const sessionsRevoked = await endOtherSessions(sql, { personId, own, at, reason: action })
  await dropTokens(sql, { personId, purpose: 'RESET_PASSWORD' })
  await requestNotice(sql, personId, 'PASSWORD_CHANGED')
  await audit(sql, {
    ...{ action, actorId: personId, entity: 'User', entityId: personId, requestId },
    detail: { sessionsRevoked },
  })
  return sessionsRevoked
}
