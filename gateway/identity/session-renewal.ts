import type { Database, Sql } from '#kit/postgres'
import type { KeyedVault } from '#kit/vault'
import { guardedBy, type Unguarded } from './guards.ts'
import { hashOf } from './secret.ts'
import { columns, openTokens, type SessionRow, sealTokens } from './session-row.ts'
import type {
  Found,
  ProviderTokens,
  Renewal,
  Renewed,
  SessionStore,
  SignIn,
  WebSession,
} from './session-store.ts'

export type RenewalStoreDeps = Unguarded & {
  readonly db: Database
  readonly vault: KeyedVault
  readonly now: () => Date
  readonly shown: (row: SessionRow) => WebSession
  readonly renewAtOf: (tokens: ProviderTokens) => Date | null
}

type Wanted = {
  readonly secret: string
  readonly ask: Parameters<SessionStore['renew']>[1]
  readonly find: () => Promise<Found>
}

/** Longer than any question to the provider: who has not settled by then has died. */
const leaseMs = 10_000
/** A session about which the provider gave no answer is left alone for this long. */
const restMs = 10_000
/** How long a request waits for the answer to the question of another one. */
const waitMaxMs = 3_000
const lookEveryMs = 25
/**
 * The provider is asked this long before the access token ends, so that nobody waits on an expired
 * one.
 */
export const renewBeforeMs = 30_000

/**
 * Whoever is first writes so, asks without holding anything, and writes the answer. What is not
 * written is not known: whoever died in between, or never read the answer, may have left a refresh
 * token that is used up. A no to that one ends the session as `lost`.
 */
export async function renewSession(deps: RenewalStoreDeps, wanted: Wanted): Promise<Renewed> {
  const { db, vault, now, shown } = deps
  const { secret, ask, find } = wanted
  const claimed = await db.write((sql) => claim(sql, secret, now()))
  if (!claimed) return { found: await answerOfOthers(deps, wanted), failure: null, asked: false }
  const tokens = openTokens(vault, claimed, secret)
  if (!tokens) return { found: null, failure: null, asked: false }
  const answer = await ask(tokens).catch((failure: unknown) => ({ failure }))
  if (typeof answer === 'object' && 'failure' in answer) {
    await db.write((sql) => letGo(sql, claimed.id, now()))
    return { found: shown(claimed), failure: answer.failure, asked: true }
  }
  const settled = await settle(deps, { row: claimed, answer, secret })
  return { found: settled ?? (await find()), failure: null, asked: true }
}

async function claim(sql: Sql, secret: string, now: Date): Promise<SessionRow | null> {
  const [row] = await sql<SessionRow[]>`
    update auth.web_session
    set renewing_until = ${new Date(now.getTime() + leaseMs)},
      renewal_unsure_at = case
        when renewing_until is null then renewal_unsure_at
        else coalesce(renewal_unsure_at, ${now})
      end
    where id_hash = ${hashOf(secret)} and revoked_at is null and expires_at > ${now}
      and renew_at <= ${now} and (renewing_until is null or renewing_until <= ${now})
    returning ${columns(sql)}`
  return row ?? null
}

/** Nobody waits for another's answer while the access token itself is still good. */
async function answerOfOthers({ db, now }: RenewalStoreDeps, { secret, find }: Wanted) {
  const giveUpAt = performance.now() + waitMaxMs
  const isAsking = () => db.read((sql) => isBeingAsked(sql, secret, now()))
  while (performance.now() < giveUpAt && (await isAsking())) await Bun.sleep(lookEveryMs)
  return find()
}

async function isBeingAsked(sql: Sql, secret: string, now: Date): Promise<boolean> {
  const rows = await sql`
    select 1
    from auth.web_session
    where id_hash = ${hashOf(secret)} and revoked_at is null and renewing_until > ${now}
      and renew_at <= ${new Date(now.getTime() - renewBeforeMs)}`
  return rows.length > 0
}

/** No answer: nobody knows whether the provider changed the refresh token. */
const letGo = (sql: Sql, id: string, now: Date) => sql`
  update auth.web_session
  set renewing_until = null, renewal_unsure_at = coalesce(renewal_unsure_at, ${now}),
    renew_at = ${new Date(now.getTime() + restMs)}
  where id = ${id}`

type Settlement = { row: SessionRow; answer: Renewal; secret: string }

/** Undefined when somebody else ended the session meanwhile. */
async function settle(deps: RenewalStoreDeps, { row, answer, secret }: Settlement) {
  const { db, now } = deps
  const isOther = answer !== 'refused' && answer.subject !== row.subject
  if (answer === 'refused' || (isOther && guardedBy(deps)('renewal-subject'))) {
    const isLost = answer === 'refused' && row.renewalUnsureAt !== null
    await db.write((sql) => giveUp(sql, row.id, { now: now(), isLost }))
    return undefined
  }
  const [renewed] = await db.write((sql) => keep(sql, row.id, changesOf(deps, row, answer, secret)))
  return renewed && deps.shown(renewed)
}

const giveUp = (sql: Sql, id: string, { now, isLost }: { now: Date; isLost: boolean }) => sql`
  update auth.web_session
  set revoked_at = ${now}, lost_at = ${isLost ? now : null}, renewing_until = null,
    ended_because = ${isLost ? 'lost' : 'refused'}
  where id = ${id} and revoked_at is null`

type Changes = ReturnType<typeof changesOf>

const keep = (sql: Sql, id: string, changes: Changes) => sql<SessionRow[]>`
  update auth.web_session
  set ${sql(changes)}
  where id = ${id} and revoked_at is null
  returning ${columns(sql)}`

/** The level is not among them: a refresh proves nothing anew. */
function changesOf(
  { vault, renewAtOf }: RenewalStoreDeps,
  { id }: SessionRow,
  signIn: SignIn,
  secret: string,
) {
  const { displayName, email, providerSid, tokens } = signIn
  return {
    ...{ displayName, providerSid, roles: [...signIn.roles] },
    ...(email && { email }),
    // By the first key of the ring: a new one in front takes over within one access token's life.
    tokens: sealTokens(vault, tokens, { id, secret }),
    renewAt: renewAtOf(tokens),
    renewingUntil: null,
    renewalUnsureAt: null,
  }
}
