import { type AccountRow, accountById } from '../account/queries.ts'
import { factorsOf } from '../security/queries.ts'
import type { Factors } from '../security/rules.ts'
import type { Deps, Visit } from './visit.ts'

const provenMs = 10 * 60_000

/** What the sign-in has shown so far: kept with the interaction, which only this browser's cookie names. */
type Proven = { readonly accountId: string; readonly at: number }

/** Somebody who is asked for a second factor. */
export type Awaited = {
  readonly accountId: string
  readonly factors: Factors
  /** What they have shown already. */
  readonly amr: readonly string[]
  /** `session`: they are signed in and only the level is missing. */
  readonly by: 'password' | 'session'
}

const reasonsOf = ({ interaction }: Visit) => interaction.prompt.reasons

/** True when the application asks for level 2. */
export const wantsLevel2 = (visit: Visit): boolean => reasonsOf(visit).includes('acr_values')

const lacksOnlyLevel = (visit: Visit) =>
  wantsLevel2(visit) &&
  reasonsOf(visit).every((reason) => reason === 'acr_values' || reason === 'max_age')

function isProven(value: unknown): value is Proven {
  return typeof value === 'object' && value !== null && 'accountId' in value && 'at' in value
}

/** Notes that the password was right; null forgets it. */
export async function rememberPassword(
  { ctx, provider }: Visit,
  accountId: string | null,
  { now }: Deps,
) {
  const proven = accountId === null ? null : { accountId, at: now().getTime() }
  const options = { mergeWithLastSubmission: false }
  await provider.interactionResult(ctx.req, ctx.res, { proven }, options)
}

type Who = Omit<Awaited, 'factors'> & {
  /** What was shown before a change of the password proves nothing; null where that does not matter. */
  readonly shownAt: number | null
}

function byPassword({ interaction }: Visit, { now }: Deps): Who | null {
  const proven = interaction.result?.proven
  if (!isProven(proven) || proven.at < now().getTime() - provenMs) return null
  return { accountId: proven.accountId, amr: ['pwd'], by: 'password', shownAt: proven.at }
}

function bySession(visit: Visit): Who | null {
  const { session } = visit.interaction
  if (!session?.accountId || !lacksOnlyLevel(visit)) return null
  // What was shown before is said once more; an app or a key that is shown again is not a third.
  const amr = (session.amr ?? []).filter((method) => method === 'pwd')
  return { accountId: session.accountId, amr, by: 'session', shownAt: null }
}

/** True while what somebody has shown of this account counts. */
export const stands = ({ shownAt }: Pick<Who, 'shownAt'>, account: AccountRow): boolean =>
  account.disabledAt === null &&
  (shownAt === null || account.passwordChangedAt.getTime() <= shownAt)

/**
 * Who is asked for a second factor now; null for whoever begins with the password. With no factor
 * at all it is somebody who cannot reach the level that the application asks for.
 */
export async function awaitedOf(visit: Visit, deps: Deps): Promise<Awaited | null> {
  const who = byPassword(visit, deps) ?? bySession(visit)
  if (!who || !deps.secondFactor) return null
  const { account, factors } = await deps.db.read(async (sql) => ({
    account: await accountById(sql, who.accountId),
    factors: await factorsOf(sql, who.accountId),
  }))
  return account && stands(who, account) ? { ...who, factors } : null
}
