import type { AccountRow } from '../account/queries.ts'

const dayMs = 86_400_000

type Dated = Pick<AccountRow, 'passwordChangedAt' | 'credentialExpiresAt'>

/** When the password has to be renewed: what was set for it, or its age by the policy. Null for never. */
export function expiryOf(
  { passwordChangedAt, credentialExpiresAt }: Dated,
  maxAgeDays: number,
): Date | null {
  const byAge = maxAgeDays > 0 ? new Date(passwordChangedAt.getTime() + maxAgeDays * dayMs) : null
  if (credentialExpiresAt === null || byAge === null) return credentialExpiresAt ?? byAge
  return credentialExpiresAt < byAge ? credentialExpiresAt : byAge
}

/** What stands between a right password and a session. */
export type Standing = 'open' | 'unverified' | 'expired'

type Asked = { readonly maxAgeDays: number; readonly at: Date }

/** An address that nobody proved comes first: the way to a new password leads over it. */
export function standingOf(
  account: Dated & Pick<AccountRow, 'emailVerifiedAt'>,
  { maxAgeDays, at }: Asked,
): Standing {
  if (account.emailVerifiedAt === null) return 'unverified'
  const expiresAt = expiryOf(account, maxAgeDays)
  return expiresAt !== null && expiresAt <= at ? 'expired' : 'open'
}
