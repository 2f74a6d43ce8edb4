import { z } from 'zod'
import type { NewEntry } from './entry.ts'

export type AlertKind = 'FAILURE_BURST' | 'NEW_ADMIN' | 'NEW_COUNTRY' | 'FOREIGN_AUDIT'
/** Names nobody but by id: it goes into logs. */
export type Alert = { readonly kind: AlertKind; readonly summary: string }

/** So many failures in one digest are a burst: of all together, or of one account. */
export type Thresholds = { readonly failures: number; readonly failuresOfOne: number }

/** What a change of roles tells. */
const RolesChanged = z.object({ from: z.array(z.string()), to: z.array(z.string()) })

/** What a minute of failures tells: how many, and the accounts that most of them were aimed at. */
const Failures = z.object({
  failed: z.number(),
  accounts: z.array(z.object({ id: z.string(), failed: z.number() })).catch([]),
})

/** What a failure of a second factor tells when it locks. */
const Locked = z.object({ failed: z.number(), locked: z.literal(true) })

type Rule = (entry: NewEntry, thresholds: Thresholds) => Alert | null

const newAdmin: Rule = ({ detail, entityId, actorId }) => {
  const { data } = RolesChanged.safeParse(detail)
  if (!data?.to.includes('ADMIN') || data.from.includes('ADMIN')) return null
  const by = actorId ?? 'the system'
  return { kind: 'NEW_ADMIN', summary: `${entityId} was made an administrator by ${by}.` }
}

const failureBurst: Rule = ({ detail }, { failures, failuresOfOne }) => {
  const { data } = Failures.safeParse(detail)
  if (!data) return null
  const [first] = data.accounts
  if (first && first.failed >= failuresOfOne) {
    const summary = `${first.failed} tries to get into the account ${first.id} failed.`
    return { kind: 'FAILURE_BURST', summary }
  }
  if (data.failed < failures) return null
  return { kind: 'FAILURE_BURST', summary: `${data.failed} tries to get in failed.` }
}

/** Whoever gets that far knows the password. */
const secondFactorLocked: Rule = ({ detail, entityId }) => {
  const { data } = Locked.safeParse(detail)
  if (!data) return null
  const summary = `${data.failed} tries at the second factor of ${entityId} failed; it is locked.`
  return { kind: 'FAILURE_BURST', summary }
}

const foreign: Rule = ({ source, id }) => ({
  kind: 'FOREIGN_AUDIT',
  summary: `${source} told of an act that is not its own, in the event ${id}.`,
})

const ruleOf: Readonly<Record<string, Rule>> = {
  'auth.roles-changed': newAdmin,
  'auth.account-created': newAdmin,
  'auth.attempts-failed': failureBurst,
  'auth.second-factor-failed': secondFactorLocked,
  'users.audit-foreign': foreign,
}

/** What has to be told of an entry at once; null for most of them. */
export const alertFor = (entry: NewEntry, thresholds: Thresholds): Alert | null =>
  ruleOf[entry.action]?.(entry, thresholds) ?? null
