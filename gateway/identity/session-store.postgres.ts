import { randomUUIDv7 } from 'bun'
import { database, type Pool, type Sql, systemContext, type Transaction } from '#kit/postgres'
import type { KeyedVault } from '#kit/vault'
import type { Unguarded } from './guards.ts'
import { hashOf, newSecret } from './secret.ts'
import { networkOf } from './session-network.ts'
import { renewBeforeMs, renewSession } from './session-renewal.ts'
import {
  actingColumns,
  columns,
  type LiveRow,
  liveOf,
  openTokens,
  type SessionRow,
  sealTokens,
  sessionOf,
} from './session-row.ts'
import type {
  Browser,
  Found,
  OwnEnd,
  ProviderLogout,
  ProviderTokens,
  SessionStore,
  SignIn,
} from './session-store.ts'

export type SessionStoreDeps = Unguarded & {
  readonly sql: Pool
  readonly vault: KeyedVault
  readonly idleMs: number
  readonly absoluteMs: number
  /** How long a second factor counts after it was proven. */
  readonly stepUpMs: number
  readonly now: () => Date
}

/** A write at most this often a session: the idle end is exact to a minute. */
const touchEveryMs = 60_000
/** How long a browser has to follow the way to the provider's own logout. */
const goodbyeMs = 120_000

/**
 * Sessions in `auth.web_session`: the secret as SHA-256, the tokens sealed by a key that only the
 * secret completes. A stolen table opens nothing, also for whoever has the server's keys.
 */
export function createSessionStore(deps: SessionStoreDeps): SessionStore {
  const { now, stepUpMs } = deps
  const db = database(deps.sql, systemContext)
  const shown = (row: SessionRow) => sessionOf(row, { at: now(), stepUpMs })
  return {
    open: async (signIn, browser) => {
      const secret = browser.secret ?? newSecret()
      const row = newRow(deps, { signIn, browser, secret })
      const [inserted] = await db.write(
        (sql) => sql<SessionRow[]>`
          insert into auth.web_session ${sql(row)} returning ${columns(sql)}`,
      )
      if (!inserted) throw new Error('An insert gave no row.')
      return { secret, session: shown(inserted) }
    },
    hasEnded: (sid) => db.read((sql) => hasEnded(sql, sid)),
    find: (secret) => find(deps, secret),
    liveAmong: async (ids) => {
      const rows = await db.read((sql) => liveByIds(sql, ids, now()))
      return rows.map((row) => liveOf(row, now()))
    },
    renew: (secret, ask) =>
      renewSession(
        { ...deps, db, shown, renewAtOf },
        { secret, ask, find: () => find(deps, secret) },
      ),
    end: (secret, because) => db.write((sql) => end(deps, sql, { secret, because })),
    endAll: (over) => db.write((sql) => endAll(sql, over, now())),
    takeEnded: (secret) => db.write((sql) => takeEnded(deps, sql, secret)),
    ownerOf: async (secret) => {
      const [row] = await db.read(
        (sql) => sql<{ personId: string }[]>`
          select person_id from auth.web_session where id_hash = ${hashOf(secret)}`,
      )
      return row?.personId ?? null
    },
  }
}

/**
 * What another session replaced, and what is still lost, was ended by nobody. Whichever session was
 * over last decides.
 */
async function hasEnded(sql: Sql, providerSid: string): Promise<boolean> {
  const found = await sql`
    select 1
    from auth.web_session as over
    where provider_sid = ${providerSid} and revoked_at is not null
      and coalesce(ended_because, 'own') in ('own', 'signed-out', 'provider')
      and not exists (
        select 1
        from auth.web_session as other
        where other.provider_sid = over.provider_sid
          and coalesce(other.revoked_at, other.expires_at) > over.revoked_at
      )
    limit 1`
  return found.length > 0
}

type Opening = { signIn: SignIn; browser: Browser; secret: string }

function newRow(deps: SessionStoreDeps, { signIn, browser, secret }: Opening) {
  const id = randomUUIDv7()
  const at = deps.now()
  const { personId, subject, displayName, acr, providerSid, tokens } = signIn
  const { email = null, authenticatedAt = null } = signIn
  const { place = null, locale = null, silent = false } = browser
  const absoluteEnd = absoluteEndOf(deps, signIn, silent)
  return {
    ...{ id, personId, subject, displayName, email, acr, providerSid, absoluteEnd },
    ...{ place, locale, silent, authenticatedAt, acrAt: authenticatedAt },
    idHash: hashOf(secret),
    roles: [...signIn.roles],
    tokens: sealTokens(deps.vault, tokens, { id, secret }),
    expiresAt: idleEnd(deps, absoluteEnd),
    lastSeenAt: at,
    createdAt: at,
    renewAt: renewAtOf(tokens),
    device: deviceOf(browser.device),
    ip: networkOf(browser.address),
  }
}

const renewAtOf = ({ refreshToken, accessExpiresAt }: ProviderTokens) =>
  refreshToken === null ? null : new Date(accessExpiresAt - renewBeforeMs)

/** A sign-in that nobody saw does not begin the time anew that a person may stay signed in. */
function absoluteEndOf(deps: SessionStoreDeps, signIn: SignIn, silent: boolean): Date {
  const at = deps.now().getTime()
  const from = silent && signIn.authenticatedAt ? signIn.authenticatedAt.getTime() : at
  const longest = Math.max(at, Math.min(from, at) + deps.absoluteMs)
  const { refreshToken, accessExpiresAt } = signIn.tokens
  // Without a refresh token nothing would ever tell that the person was disabled: then it ends with
  // the access token.
  return new Date(refreshToken === null ? Math.min(longest, accessExpiresAt) : longest)
}

const idleEnd = ({ now, idleMs }: SessionStoreDeps, absoluteEnd: Date) =>
  new Date(Math.min(now().getTime() + idleMs, absoluteEnd.getTime()))

/**
 * A person tells their browsers apart by this; it is whatever the browser claims, cut to a line.
 */
const deviceOf = (userAgent: string) => userAgent.replace(/[^\x20-\x7e]/g, '').slice(0, 200)

async function find(deps: SessionStoreDeps, secret: string): Promise<Found> {
  const { now, vault, stepUpMs } = deps
  const db = database(deps.sql, systemContext)
  const row = await db.read((sql) => rowBySecret(sql, secret, now()))
  if (!row) return null
  if (row.lostAt) return 'lost'
  if (openTokens(vault, row, secret) === null) return null
  const at = now()
  if (at.getTime() - row.lastSeenAt.getTime() < touchEveryMs)
    return sessionOf(row, { at, stepUpMs })
  const expiresAt = idleEnd(deps, row.absoluteEnd)
  await db.write((sql) => touch(sql, row.id, { lastSeenAt: at, expiresAt }))
  return sessionOf({ ...row, expiresAt }, { at, stepUpMs })
}

async function rowBySecret(sql: Sql, secret: string, now: Date): Promise<SessionRow | null> {
  const [row] = await sql<SessionRow[]>`
    select ${columns(sql)}
    from auth.web_session
    where id_hash = ${hashOf(secret)} and expires_at > ${now}
      and (revoked_at is null or lost_at is not null)`
  return row ?? null
}

const liveByIds = (sql: Sql, ids: readonly string[], now: Date) => sql<LiveRow[]>`
  select id, person_id, roles, ${actingColumns(sql)}
  from auth.web_session
  where id = any(${[...ids]}::uuid[]) and revoked_at is null and expires_at > ${now}`

/** Skips a row that another request is renewing or ending; the next one moves it on. */
const touch = (sql: Sql, id: string, seen: { lastSeenAt: Date; expiresAt: Date }) => sql`
  update auth.web_session
  set ${sql(seen)}
  where id = (
    select id from auth.web_session
    where id = ${id} and revoked_at is null
    for update skip locked
  )`

async function end(
  { now, vault }: SessionStoreDeps,
  sql: Transaction,
  { secret, because }: { secret: string; because: OwnEnd },
): Promise<ProviderTokens | null> {
  const [row] = await sql<SessionRow[]>`
    update auth.web_session
    set revoked_at = coalesce(revoked_at, ${now()}), lost_at = null, ended_because = ${because}
    where id_hash = ${hashOf(secret)} and (revoked_at is null or lost_at is not null)
    returning ${columns(sql)}`
  return row ? openTokens(vault, row, secret) : null
}

async function endAll(sql: Transaction, over: ProviderLogout, now: Date): Promise<number | null> {
  const { subject, providerSid, until } = over
  if (subject === null && providerSid === null) return 0
  if (!(await takeToken(sql, over, now))) return null
  const ended = await sql`
    update auth.web_session
    set revoked_at = coalesce(revoked_at, ${now}), lost_at = null, ended_because = 'provider'
    where (revoked_at is null or lost_at is not null) and created_at <= ${until}
      and (${subject}::text is null or subject = ${subject})
      and (${providerSid}::text is null or provider_sid = ${providerSid})`
  return ended.count
}

const cleanedAtOnce = 100

/** False for a token that was here before, on whichever instance. */
async function takeToken(sql: Sql, { jti, expiresAt }: ProviderLogout, now: Date) {
  await sql`
    delete from gateway.logout_token
    where jti_hash in (
      select jti_hash
      from gateway.logout_token
      where expires_at < ${now}
      limit ${cleanedAtOnce}
      for update skip locked
    )`
  const taken = await sql`
    insert into gateway.logout_token ${sql({ jtiHash: hashOf(jti), expiresAt })}
    on conflict do nothing`
  return taken.count > 0
}

async function takeEnded(deps: SessionStoreDeps, sql: Transaction, secret: string) {
  const since = new Date(deps.now().getTime() - goodbyeMs)
  const [row] = await sql<SessionRow[]>`
    select ${columns(sql)}
    from auth.web_session
    where id_hash = ${hashOf(secret)} and revoked_at > ${since}
    for update`
  const tokens = row && openTokens(deps.vault, row, secret)
  if (!row || !tokens) return null
  await sql`update auth.web_session set tokens = '' where id = ${row.id}`
  return tokens.idToken
}
