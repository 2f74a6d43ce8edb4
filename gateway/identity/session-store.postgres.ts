import { randomUUIDv7 } from 'bun'
import { z } from 'zod'
import { database, type Pool, type Sql, systemContext, type Transaction } from '#kit/postgres'
import type { Vault } from '#kit/vault'
import { type Role, roles } from '#schema/scopes'
import { hashOf, newSecret } from './secret.ts'
import { networkOf } from './session-network.ts'
import type {
  ProviderLogout,
  ProviderTokens,
  SessionStore,
  SignIn,
  WebSession,
} from './session-store.ts'

export type SessionStoreDeps = {
  readonly sql: Pool
  readonly vault: Vault
  readonly idleMs: number
  readonly absoluteMs: number
  readonly now: () => Date
}

/** A write at most this often a session: the idle end is exact to a minute. */
const touchEveryMs = 60_000
/**
 * The provider is asked this long before the access token ends, so that nobody waits on an expired
 * one.
 */
const renewBeforeMs = 30_000
/** How long a browser has to follow the way to the provider's own logout. */
const goodbyeMs = 120_000
/** Longer than a call to the provider takes while it holds the row. */
const lockWaitMs = 8_000

const Sealed = z.object({
  displayName: z.string(),
  accessToken: z.string(),
  refreshToken: z.string().nullable(),
  idToken: z.string(),
  accessExpiresAt: z.number(),
})
type Sealed = z.infer<typeof Sealed>

type Row = {
  id: string
  personId: string
  subject: string
  roles: string[]
  acr: string
  tokens: Uint8Array
  expiresAt: Date
  absoluteEnd: Date
  lastSeenAt: Date
}

const columns = (sql: Sql) =>
  sql`id, person_id, subject, roles, acr, tokens, expires_at, absolute_end, last_seen_at`

/**
 * Sessions in `auth.web_session`: the secret as SHA-256, the tokens sealed. A stolen table opens
 * nothing.
 */
export function createSessionStore(deps: SessionStoreDeps): SessionStore {
  const { now } = deps
  const db = database(deps.sql, systemContext)
  return {
    open: async (signIn, browser) => {
      const secret = newSecret()
      const row = newRow(deps, signIn)
      const device = deviceOf(browser.device)
      const ip = networkOf(browser.address)
      const { providerSid } = signIn
      const createdAt = row.lastSeenAt
      const whole = { ...row, idHash: hashOf(secret), providerSid, device, ip, createdAt }
      await db.write((sql) => sql`insert into auth.web_session ${sql(whole)}`)
      return {
        secret,
        session: sessionOf(row, { ...signIn.tokens, displayName: signIn.displayName }),
      }
    },
    find: async (secret) => {
      const row = await db.read((sql) => liveBySecret(sql, secret, now()))
      const sealed = row && openSealed(deps, row)
      if (!row || !sealed) return null
      if (now().getTime() - row.lastSeenAt.getTime() < touchEveryMs) return sessionOf(row, sealed)
      const expiresAt = idleEnd(deps, row.absoluteEnd)
      await db.write((sql) => touch(sql, row.id, { lastSeenAt: now(), expiresAt }))
      return sessionOf({ ...row, expiresAt }, sealed)
    },
    liveAmong: async (ids) => {
      const rows = await db.read((sql) => liveByIds(sql, ids, now()))
      return rows.map(({ id, roles }) => ({ id, roles: knownRoles(roles) }))
    },
    renew: (id, ask) => db.write((sql) => renew(deps, sql, { id, ask })),
    end: (secret) => db.write((sql) => end(deps, sql, secret)),
    endAll: (over) => db.write((sql) => endAll(sql, over, now())),
    takeEnded: (secret) => db.write((sql) => takeEnded(deps, sql, secret)),
  }
}

function newRow(deps: SessionStoreDeps, signIn: SignIn): Row {
  const id = randomUUIDv7()
  const start = deps.now().getTime()
  const { personId, subject, acr, tokens } = signIn
  const longest = start + deps.absoluteMs
  // Without a refresh token nothing would ever tell that the person was disabled: then it ends with
  // the access token.
  const end = tokens.refreshToken ? longest : Math.min(longest, tokens.accessExpiresAt)
  const absoluteEnd = new Date(end)
  return {
    ...{ id, personId, subject, acr, absoluteEnd },
    roles: [...signIn.roles],
    tokens: deps.vault.seal(sealedText(signIn), id),
    expiresAt: idleEnd(deps, absoluteEnd),
    lastSeenAt: deps.now(),
  }
}

const sealedText = ({ tokens, displayName }: SignIn) => JSON.stringify({ ...tokens, displayName })

const idleEnd = ({ now, idleMs }: SessionStoreDeps, absoluteEnd: Date) =>
  new Date(Math.min(now().getTime() + idleMs, absoluteEnd.getTime()))

/**
 * A person tells their browsers apart by this; it is whatever the browser claims, cut to a line.
 */
const deviceOf = (userAgent: string) => userAgent.replace(/[^\x20-\x7e]/g, '').slice(0, 200)

function openSealed({ vault }: SessionStoreDeps, row: Row): Sealed | null {
  const text = vault.open(row.tokens, row.id)
  return text === null ? null : Sealed.parse(JSON.parse(text))
}

const knownRoles = (names: readonly string[]): Role[] =>
  roles.filter((role) => names.includes(role))

const sessionOf = (row: Row, sealed: Sealed): WebSession => ({
  id: row.id,
  personId: row.personId,
  subject: row.subject,
  displayName: sealed.displayName,
  roles: knownRoles(row.roles),
  acr: row.acr,
  expiresAt: row.expiresAt,
  renewAt: sealed.refreshToken ? new Date(sealed.accessExpiresAt - renewBeforeMs) : null,
})

async function liveBySecret(sql: Sql, secret: string, now: Date): Promise<Row | null> {
  const [row] = await sql<Row[]>`
    select ${columns(sql)}
    from auth.web_session
    where id_hash = ${hashOf(secret)} and revoked_at is null and expires_at > ${now}`
  return row ?? null
}

const liveByIds = (sql: Sql, ids: readonly string[], now: Date) => sql<Pick<Row, 'id' | 'roles'>[]>`
  select id, roles
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

type Renew = { id: string; ask: Parameters<SessionStore['renew']>[1] }

async function renew(deps: SessionStoreDeps, sql: Transaction, { id, ask }: Renew) {
  await waitLonger(sql)
  const [row] = await sql<Row[]>`
    select ${columns(sql)}
    from auth.web_session
    where id = ${id} and revoked_at is null and expires_at > ${deps.now()}
    for update`
  const sealed = row && openSealed(deps, row)
  if (!row || !sealed) return null
  const current = sessionOf(row, sealed)
  // Another instance has asked while this one waited for the row.
  if (!current.renewAt || current.renewAt > deps.now()) return current
  const renewal = await ask(sealed)
  if (renewal === 'refused' || renewal.subject !== row.subject) {
    await sql`update auth.web_session set revoked_at = ${deps.now()} where id = ${id}`
    return null
  }
  const { acr, providerSid, tokens, displayName } = renewal
  const changes = {
    acr,
    providerSid,
    roles: [...renewal.roles],
    tokens: deps.vault.seal(sealedText(renewal), id),
  }
  await sql`update auth.web_session set ${sql(changes)} where id = ${id}`
  return sessionOf({ ...row, ...changes }, { ...tokens, displayName })
}

const waitLonger = (sql: Sql) =>
  sql`select set_config('statement_timeout', ${String(lockWaitMs)}, true)`

async function end(
  deps: SessionStoreDeps,
  sql: Transaction,
  secret: string,
): Promise<ProviderTokens | null> {
  await waitLonger(sql)
  const [row] = await sql<Row[]>`
    update auth.web_session
    set revoked_at = ${deps.now()}
    where id_hash = ${hashOf(secret)} and revoked_at is null
    returning ${columns(sql)}`
  return row ? openSealed(deps, row) : null
}

async function endAll(
  sql: Transaction,
  { subject, providerSid, until }: ProviderLogout,
  now: Date,
): Promise<number> {
  if (subject === null && providerSid === null) return 0
  await waitLonger(sql)
  const ended = await sql`
    update auth.web_session
    set revoked_at = ${now}
    where revoked_at is null and created_at <= ${until}
      and (${subject}::text is null or subject = ${subject})
      and (${providerSid}::text is null or provider_sid = ${providerSid})`
  return ended.count
}

async function takeEnded(deps: SessionStoreDeps, sql: Transaction, secret: string) {
  const since = new Date(deps.now().getTime() - goodbyeMs)
  const [row] = await sql<Row[]>`
    select ${columns(sql)}
    from auth.web_session
    where id_hash = ${hashOf(secret)} and revoked_at > ${since}
    for update`
  const sealed = row && openSealed(deps, row)
  if (!row || !sealed) return null
  await sql`update auth.web_session set tokens = '' where id = ${row.id}`
  return sealed.idToken
}
