import { type SessionChannelDeps, sessionChannel } from './session-channel.ts'
import type { Found, WebSession } from './session-store.ts'

export type SessionCache = {
  find(secret: string): Promise<Found>
  /** The session of this id is read anew when it is asked for next. */
  forget(id: string): void
  /** Hears of revocations from every instance. It goes on by itself when PostgreSQL comes back. */
  start(): Promise<void>
  stop(): Promise<void>
}

export type SessionCacheDeps = Pick<SessionChannelDeps, 'sql' | 'now' | 'log'> & {
  readonly load: (secret: string) => Promise<Found>
  /** Told of each session that is revoked, by its id. */
  readonly onRevoked?: (id: string) => void
  /** Told of each session that means something else now. */
  readonly onChanged?: (id: string) => void
  /** What was told may have been missed. */
  readonly onMissed?: () => void
}

const entriesMax = 10_000
/** A session is read at least this often while it is in use: its own end has no notification. */
const staleAfterMs = 5_000
/**
 * A revoked session is refused within a second, even if its notification is lost: what was read
 * longer ago than this counts only while a heartbeat proves that nothing that was told is missing.
 */
const unprovenAfterMs = 900

type Entry = { readonly session: WebSession; readonly readAt: number; readonly until: number }

/**
 * Requests of one browser at the same time share one read, and one renewal. Nothing is remembered
 * of a secret that opens nothing.
 */
export function cacheSessions(deps: SessionCacheDeps): SessionCache {
  const { load, now, onRevoked, onChanged, onMissed } = deps
  const entries = new Map<string, Entry>()
  const secrets = new Map<string, string>()
  const loading = new Map<string, Promise<Found>>()
  // Grows with whatever is told: what was read before is used once and not kept.
  let told = 0

  const drop = (secret: string) => {
    const entry = entries.get(secret)
    if (entry) secrets.delete(entry.session.id)
    entries.delete(secret)
  }
  const forget = (id: string) => {
    told += 1
    const secret = secrets.get(id)
    if (secret !== undefined) drop(secret)
  }
  const clear = () => {
    told += 1
    entries.clear()
    secrets.clear()
  }
  const channel = sessionChannel({
    ...deps,
    onRevoked: (id) => {
      forget(id)
      onRevoked?.(id)
    },
    onChanged: (id) => {
      forget(id)
      onChanged?.(id)
    },
    onConnected: () => {
      clear()
      onMissed?.()
    },
    isNeeded: () => {
      dropStale()
      return entries.size > 0
    },
  })
  const isFresh = ({ readAt, until }: Entry, time: number) =>
    time < until && time - Math.max(readAt, channel.heardUntil()) < unprovenAfterMs
  /** The oldest ones come first. */
  const dropStale = () => {
    const time = now().getTime()
    for (const [secret, { readAt }] of entries) {
      if (time - readAt < staleAfterMs) return
      drop(secret)
    }
  }
  const loadOnce = async (secret: string) => {
    const before = told
    const readAt = now().getTime()
    const found = await load(secret)
    drop(secret)
    if (found && found !== 'lost' && before === told) keep(secret, found, readAt)
    return found
  }
  const keep = (secret: string, session: WebSession, readAt: number) => {
    const [oldest] = entries.keys()
    if (oldest !== undefined && entries.size >= entriesMax) drop(oldest)
    entries.set(secret, { session, readAt, until: goodUntil(session, readAt) })
    secrets.set(session.id, secret)
  }
  return {
    find: (secret) => {
      const known = entries.get(secret)
      if (known && isFresh(known, now().getTime())) return Promise.resolve(known.session)
      const pending = loading.get(secret)
      if (pending) return pending
      const started = loadOnce(secret).finally(() => loading.delete(secret))
      loading.set(secret, started)
      return started
    },
    forget,
    start: channel.start,
    stop: channel.stop,
  }
}

/** What ends by time ends on time. A renewal that is due already waits for its next turn. */
function goodUntil({ expiresAt, acrUntil, renewAt, acting }: WebSession, readAt: number): number {
  const ends = [expiresAt, acrUntil, acting?.until, renewAt]
    .map((end) => end?.getTime() ?? Number.POSITIVE_INFINITY)
    .filter((end) => end > readAt)
  return Math.min(readAt + staleAfterMs, ...ends)
}
