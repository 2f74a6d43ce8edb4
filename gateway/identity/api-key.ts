import { timingSafeEqual } from 'node:crypto'
import { type ApiKeyText, apiKeyFrom } from '#kit/api-key'
import type { Log } from '#kit/log'
import { database, type Pool, type Sql, systemContext } from '#kit/postgres'
import { roleScopes } from '#schema/scopes'
import { type Listening, listening } from '../listen.ts'
import { createLru } from '../lru.ts'
import type { Bearer } from './bearer.ts'
import { type BearerCaller, expired, notValid } from './caller.ts'
import { guardedBy, type Unguarded } from './guards.ts'

/** Keys of partners' programs, which an administrator makes and revokes. */
export type ApiKeys = Bearer & Listening

export type ApiKeysDeps = Unguarded & {
  readonly sql: Pool
  readonly now: () => Date
  readonly log: Log
}

const channel = 'api_key_changed'
const cacheBounds = { entriesMax: 5_000, bytesMax: 4_194_304 }
/**
 * A revoked key is refused within a second even if its notification was lost; with it, at once. A
 * key in use costs one indexed read in this time.
 */
const staleAfterMs = 900
/** When a key was last used is known to the minute. */
const noteEveryMs = 60_000

type Known = { readonly caller: BearerCaller; readonly staleAt: number }

export function createApiKeys(deps: ApiKeysDeps): ApiKeys {
  const { sql, now, log } = deps
  const db = database(sql, systemContext)
  let known = createLru<string, Known>(cacheBounds)
  // Grows with each change: what was read before one is used once and not kept.
  let changes = 0
  const clear = () => {
    changes += 1
    known = createLru<string, Known>(cacheBounds)
  }
  const load = async (text: string): Promise<BearerCaller> => {
    const key = apiKeyFrom(text)
    if (!key) throw notValid()
    const before = changes
    const row = await db.read((tx) => rowOf(tx, key.id))
    const caller = callerOf(key, row, deps)
    const staleAt = now().getTime() + staleAfterMs
    if (before === changes) known.set(text, { caller, staleAt }, text.length)
    return caller
  }
  const loadOnce = sharing(load)
  const note = noting(deps, (id, at) =>
    db.write((tx) => tx`select auth.api_key_used(${id}, ${at})`),
  )
  return {
    verify: async (text) => {
      const entry = known.get(text)
      const time = now().getTime()
      const isFresh = entry && entry.staleAt > time && entry.caller.provenUntil.getTime() > time
      const caller = isFresh ? entry.caller : await loadOnce(text)
      note(caller.viewer.id)
      return caller
    },
    ...listening({ sql, log, channel, onTold: clear, onConnected: clear }),
  }
}

/** Of the same text at the same time one is read. */
function sharing(load: (text: string) => Promise<BearerCaller>) {
  const loading = new Map<string, Promise<BearerCaller>>()
  return (text: string) => {
    const started = loading.get(text) ?? load(text).finally(() => loading.delete(text))
    loading.set(text, started)
    return started
  }
}

/** Nobody waits until it is written down that a key was used. */
function noting({ now, log }: ApiKeysDeps, write: (id: string, at: Date) => Promise<unknown>) {
  const noted = createLru<string, number>({ entriesMax: 5_000, bytesMax: 5_000 })
  return (id: string) => {
    const at = now()
    if (at.getTime() - (noted.get(id) ?? Number.NEGATIVE_INFINITY) < noteEveryMs) return
    noted.set(id, at.getTime(), 1)
    write(id, at).catch((error: unknown) => log.warn('The use of a key was not noted', error))
  }
}

type Row = {
  secretHash: Buffer
  previousHash: Buffer | null
  previousUntil: Date | null
  scopes: string[]
  rateLimitPerMinute: number
  expiresAt: Date
  revokedAt: Date | null
}

async function rowOf(sql: Sql, id: string): Promise<Row | null> {
  const [row] = await sql<Row[]>`
    select secret_hash, previous_hash, previous_until, scopes, rate_limit_per_minute, expires_at,
      revoked_at
    from auth.api_key_door
    where id = ${id}`
  return row ?? null
}

/** Throws UNAUTHENTICATED, with the same words for an unknown key, a wrong one and a revoked one. */
function callerOf({ id, hash }: ApiKeyText, row: Row | null, deps: ApiKeysDeps): BearerCaller {
  const inForce = guardedBy(deps)
  if (!row || (inForce('key-revoked') && row.revokedAt)) throw notValid()
  const end = inForce('key-secret') ? endFor(hash, row) : row.expiresAt
  if (!end) throw notValid()
  if (inForce('key-expiry') && end <= deps.now()) throw expired()
  const scopes = roleScopes.PARTNER_APP.filter(
    (scope) => !inForce('key-scope') || row.scopes.includes(scope),
  )
  return {
    clientId: id,
    provenUntil: inForce('key-expiry') ? end : new Date(8.64e15),
    rateLimitPerMinute: row.rateLimitPerMinute,
    allowance: null,
    boundTo: null,
    viewer: {
      ...{ id, roles: ['PARTNER_APP'], scopes: new Set(scopes) },
      ...{ acr: '1', actor: null, sessionId: null },
    },
  }
}

/** Until when this text is good; null for one that is not the key's. */
function endFor(hash: Buffer, row: Row): Date | null {
  if (timingSafeEqual(hash, row.secretHash)) return row.expiresAt
  const isPrevious = row.previousHash !== null && timingSafeEqual(hash, row.previousHash)
  return isPrevious ? row.previousUntil : null
}
