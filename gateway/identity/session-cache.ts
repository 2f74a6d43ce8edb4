import { type SessionChannelDeps, sessionChannel } from './session-channel.ts'
import type { Found, WebSession } from './session-store.ts'

export type SessionCache = {
  find(secret: string): Promise<Found>
  /** The session of this id is read anew when it is asked for next. */
  readAnew(id: string): void
  /** For whoever has just ended it: here it is over before anybody is told. */
  forget(secret: string): void
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

/** What was read, by the secret and by the id, oldest first. */
function createMemory() {
  const entries = new Map<string, Entry>()
  const secrets = new Map<string, string>()
  const drop = (secret: string) => {
    const entry = entries.get(secret)
    if (entry) secrets.delete(entry.session.id)
    entries.delete(secret)
  }
  return {
    drop,
    get: (secret: string) => entries.get(secret),
    isEmpty: () => entries.size === 0,
    keep: (secret: string, session: WebSession, readAt: number) => {
      const [oldest] = entries.keys()
      if (oldest !== undefined && entries.size >= entriesMax) drop(oldest)
      entries.set(secret, { session, readAt, until: goodUntil(session, readAt) })
      secrets.set(session.id, secret)
    },
    dropById: (id: string) => {
      const secret = secrets.get(id)
      if (secret !== undefined) drop(secret)
    },
    dropBefore: (time: number) => {
      for (const [secret, { readAt }] of entries) {
        if (readAt > time) return
        drop(secret)
      }
    },
    clear: () => {
      entries.clear()
      secrets.clear()
    },
  }
}

/**
 * Requests of one browser at the same time share one read, and one renewal. Nothing is remembered
 * of a secret that opens nothing.
 */
export function cacheSessions(deps: SessionCacheDeps): SessionCache {
  const { load, now, onRevoked, onChanged, onMissed } = deps
  const memory = createMemory()
  const loading = new Map<string, Promise<Found>>()
  // Grows with whatever is told: what was read before is used once and not kept.
  let told = 0

  const readAnew = (id: string) => {
    told += 1
    memory.dropById(id)
  }
  const channel = sessionChannel({
    ...deps,
    onRevoked: (id) => {
      readAnew(id)
      onRevoked?.(id)
    },
    onChanged: (id) => {
      readAnew(id)
      onChanged?.(id)
    },
    onConnected: () => {
      told += 1
      memory.clear()
      onMissed?.()
    },
    isNeeded: () => {
      memory.dropBefore(now().getTime() - staleAfterMs)
      return !memory.isEmpty()
    },
  })
  /** What comes from the future was there before the clock was put back: nobody knows its age. */
  const isRecent = (at: number, time: number) => at <= time && time - at < unprovenAfterMs
  const isFresh = ({ readAt, until }: Entry, time: number) =>
    readAt <= time &&
    time < until &&
    (isRecent(readAt, time) || isRecent(channel.heardUntil(), time))
  const loadOnce = async (secret: string) => {
    const before = told
    const readAt = now().getTime()
    const found = await load(secret)
    memory.drop(secret)
    if (found && found !== 'lost' && before === told) memory.keep(secret, found, readAt)
    return found
  }
  return {
    find: (secret) => {
      const known = memory.get(secret)
      if (known && isFresh(known, now().getTime())) return Promise.resolve(known.session)
      const pending = loading.get(secret)
      if (pending) return pending
      const started = loadOnce(secret).finally(() => loading.delete(secret))
      loading.set(secret, started)
      return started
    },
    readAnew,
    forget: (secret) => {
      told += 1
      memory.drop(secret)
    },
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
