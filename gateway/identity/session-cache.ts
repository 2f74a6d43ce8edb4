import type { Log } from '#kit/log'
import type { Pool } from '#kit/postgres'
import type { WebSession } from './session-store.ts'

export type SessionCache = {
  find(secret: string): Promise<WebSession | null>
  /** Hears of revocations from every instance. It goes on by itself when PostgreSQL comes back. */
  start(): Promise<void>
  stop(): Promise<void>
}

export type SessionCacheDeps = {
  readonly load: (secret: string) => Promise<WebSession | null>
  readonly sql: Pick<Pool, 'listen'>
  readonly now: () => Date
  readonly log: Log
  /** Told of each session that is revoked, by its id. */
  readonly onRevoked?: (id: string) => void
}

const channel = 'web_session'
const entriesMax = 10_000
/**
 * A revoked session is refused within a second even if its notification was lost; with it, at once.
 * A session in use costs one indexed read a second.
 */
const staleAfterMs = 1_000
const listenAgainMs = 1_000

/**
 * Requests of one browser at the same time share one read, and one renewal. Nothing is remembered
 * of an unknown secret.
 */
export function cacheSessions(deps: SessionCacheDeps): SessionCache {
  const { load, sql, now, log, onRevoked } = deps
  const entries = new Map<string, { session: WebSession; staleAt: number }>()
  const loading = new Map<string, Promise<WebSession | null>>()
  // Grows with each revocation: what was read before one is used once and not kept.
  let revocations = 0

  const forget = (told: string) => {
    const [what, id = ''] = told.split(' ')
    revocations += 1
    for (const [secret, { session }] of entries) if (session.id === id) entries.delete(secret)
    if (what === 'revoked') onRevoked?.(id)
  }
  const clear = () => {
    revocations += 1
    entries.clear()
  }
  const loadOnce = async (secret: string) => {
    const before = revocations
    const session = await load(secret)
    entries.delete(secret)
    if (session && before === revocations) keep(secret, session)
    return session
  }
  const keep = (secret: string, session: WebSession) => {
    const [oldest] = entries.keys()
    if (oldest !== undefined && entries.size >= entriesMax) entries.delete(oldest)
    entries.set(secret, { session, staleAt: now().getTime() + staleAfterMs })
  }
  const listening = listenForever({ sql, log, onRevoked: forget, onConnected: clear })
  return {
    find: (secret) => {
      const known = entries.get(secret)
      if (known && known.staleAt > now().getTime()) return Promise.resolve(known.session)
      const pending = loading.get(secret)
      if (pending) return pending
      const started = loadOnce(secret).finally(() => loading.delete(secret))
      loading.set(secret, started)
      return started
    },
    ...listening,
  }
}

type Listening = Pick<SessionCacheDeps, 'sql' | 'log'> & {
  readonly onRevoked: (id: string) => void
  /** Also after a lost connection, when notifications may have been missed. */
  readonly onConnected: () => void
}

/** The driver reconnects a connection that was there once; this takes care of the first one. */
function listenForever({ sql, log, onRevoked, onConnected }: Listening) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let unlisten: (() => Promise<void>) | undefined
  let stopped = false
  const start = async (): Promise<void> => {
    try {
      const listener = await sql.listen(channel, onRevoked, onConnected)
      unlisten = listener.unlisten
    } catch (error) {
      log.warn('cannot listen for ended sessions yet', error)
      if (!stopped) timer = setTimeout(start, listenAgainMs)
    }
  }
  return {
    start,
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await unlisten?.().catch(() => {})
    },
  }
}
