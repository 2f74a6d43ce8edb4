import { AppError } from '#kit/errors'
import type { Viewer } from '#kit/identity-token'
import { type UserError, userError } from '#kit/user-error'
import { type AccountRow, accountById } from '../account/queries.ts'
import { signIn } from '../account/sign-in.ts'
import type { Context } from '../context.ts'
import { signedInRecently } from '../session/step-up.ts'
import { mayAddFactor, ownFactorsOf } from './policy.ts'
import { factorsOf } from './queries.ts'
import { type Factors, hasFactor } from './rules.ts'
import type { SecondFactor } from './second-factor.ts'

/** Who changes their own factors. */
export type Owner = {
  readonly viewer: Viewer
  readonly personId: string
  readonly secondFactor: SecondFactor
}

/** Throws FORBIDDEN for whoever acts for another, and where another provider keeps the factors. */
export function ownerFrom({ viewer, secondFactor }: Context): Owner {
  const personId = ownFactorsOf(viewer)
  if (!viewer || !personId) throw new AppError('FORBIDDEN', "You may not use another's factors.")
  if (!secondFactor) throw new AppError('FORBIDDEN', 'Your sign-in provider keeps your factors.')
  return { viewer, personId, secondFactor }
}

/** True when it is the password of this account; tries count as sign-ins do. */
async function knowsPassword(context: Context, account: AccountRow, password: string) {
  const { accounts, now } = context
  const { db, turns } = accounts
  return (
    (await signIn({ db, turns, now }, { email: account.email, password })).outcome === 'signed-in'
  )
}

async function isFresh(context: Context, account: AccountRow, password: string | null) {
  const { viewer, db, now } = context
  if (password !== null) return knowsPassword(context, account, password)
  const sessionId = viewer?.sessionId
  const asked = { personId: account.id, at: now() }
  return sessionId
    ? db.read((sql) => signedInRecently(sql, { ...asked, sessionId }))
    : Promise.resolve(false)
}

export type Adding = Owner & { readonly account: AccountRow; readonly factors: Factors }

const refusalOf = (factors: Factors) =>
  hasFactor(factors)
    ? userError('ForbiddenError', 'Confirm with your second factor first.')
    : userError('ForbiddenError', 'Sign in again or give your password first.', ['password'])

/** Whoever may add a factor now, or why not. Throws as `ownerFrom` does. */
export async function addingFrom(
  context: Context,
  password: string | null = null,
): Promise<Adding | UserError<'ForbiddenError'>> {
  const owner = ownerFrom(context)
  const { personId, viewer } = owner
  const [account, factors] = await context.db.read((sql) =>
    Promise.all([accountById(sql, personId), factorsOf(sql, personId)]),
  )
  if (!account) throw new AppError('FORBIDDEN', 'You have no account here.')
  const fresh = hasFactor(factors) || (await isFresh(context, account, password))
  return mayAddFactor(viewer, { factors, isFresh: fresh })
    ? { ...owner, account, factors }
    : refusalOf(factors)
}
