import type { AppError } from '#kit/errors'
import type { Log } from '#kit/log'
import { endedByUs, signedOut, type WatchSession } from '../streams.ts'
import type { LiveSession } from './session-store.ts'

export type SessionWatch = {
  readonly watch: WatchSession
  /** Ends at once what belongs to a session that is known to be revoked. */
  revoked(id: string): void
  stop(): void
}

export type SessionWatchDeps = {
  readonly liveAmong: (ids: readonly string[]) => Promise<readonly LiveSession[]>
  readonly log: Log
}

/**
 * A notification may be lost, and an end by time has none: one read a second for all sessions that
 * have something open finds these.
 */
const lookEveryMs = 1_000

type Watched = {
  readonly roles: string
  readonly ended: (reason: AppError) => void
}

/** Whoever is signed out, in whatever way, has nothing open a second later. */
export function createSessionWatch({ liveAmong, log }: SessionWatchDeps): SessionWatch {
  const watched = new Map<string, Set<Watched>>()
  let isLooking = false
  let timer: ReturnType<typeof setInterval> | undefined

  const endAll = (id: string) => {
    for (const one of watched.get(id) ?? []) one.ended(signedOut())
  }
  const look = async () => {
    const ids = [...watched.keys()]
    const live = new Map((await liveAmong(ids)).map(({ id, roles }) => [id, roles.join(' ')]))
    for (const id of ids) {
      const roles = live.get(id)
      if (roles === undefined) endAll(id)
      // What its viewer may see has changed: a new stream is asked for under the new roles.
      else for (const one of watched.get(id) ?? []) if (one.roles !== roles) one.ended(endedByUs)
    }
  }
  const lookOnce = () => {
    if (isLooking) return
    isLooking = true
    look()
      // Without a database nobody can sign out either.
      .catch((error: unknown) => log.warn('cannot see which sessions have ended', error))
      .finally(() => {
        isLooking = false
      })
  }
  const forget = (id: string, one: Watched) => {
    const all = watched.get(id)
    all?.delete(one)
    if (all?.size === 0) watched.delete(id)
    if (watched.size === 0) clearInterval(timer)
  }
  return {
    watch: ({ id, roles }, ended) => {
      if (watched.size === 0) timer = setInterval(lookOnce, lookEveryMs)
      const one = { roles: roles.join(' '), ended }
      watched.set(id, (watched.get(id) ?? new Set()).add(one))
      return () => forget(id, one)
    },
    revoked: endAll,
    stop: () => clearInterval(timer),
  }
}
