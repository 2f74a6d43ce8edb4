import type { AppError } from '#kit/errors'
import type { Log } from '#kit/log'
import { endedByUs, signedOut, type WatchSession } from '../streams.ts'
import type { LiveSession } from './session-store.ts'

export type SessionWatch = {
  readonly watch: WatchSession
  /** Ends at once what belongs to a session that is known to be revoked. */
  revoked(id: string): void
  /** Looks at once what became of a session that is known to mean something else. */
  changed(id: string): void
  /** Looks at once what became of all of them. */
  missed(): void
  stop(): void
}

export type SessionWatchDeps = {
  readonly liveAmong: (ids: readonly string[]) => Promise<readonly LiveSession[]>
  readonly log: Log
}

/**
 * A notification may be lost, and an end by time has none: one read for all sessions that have
 * something open finds these, often enough that a second is never over.
 */
const lookEveryMs = 500

type Watched = {
  readonly meaning: string
  readonly ended: (reason: AppError) => void
}

/** For whom a session answers, and as what: when that changes, what is open is somebody else's. */
const meaningOf = ({
  personId,
  roles,
}: Pick<LiveSession, 'personId'> & { roles: readonly string[] }) => [personId, ...roles].join(' ')

/** Whoever is signed out, in whatever way, has nothing open a second later. */
export function createSessionWatch({ liveAmong, log }: SessionWatchDeps): SessionWatch {
  const watched = new Map<string, Set<Watched>>()
  let isLooking = false
  let timer: ReturnType<typeof setInterval> | undefined

  const endAll = (id: string) => {
    for (const one of [...(watched.get(id) ?? [])]) one.ended(signedOut())
  }
  const lookAt = async (ids: readonly string[]) => {
    const live = new Map((await liveAmong(ids)).map((one) => [one.id, meaningOf(one)]))
    for (const id of ids) {
      const meaning = live.get(id)
      if (meaning === undefined) endAll(id)
      // What its viewer may see has changed: a new stream is asked for under the new roles.
      else endOther(id, meaning)
    }
  }
  const endOther = (id: string, meaning: string) => {
    for (const one of [...(watched.get(id) ?? [])]) {
      if (one.meaning !== meaning) one.ended(endedByUs)
    }
  }
  // Without a database nobody can sign out either.
  const warn = (error: unknown) => log.warn('cannot see which sessions have ended', error)
  const lookOnce = () => {
    if (isLooking || watched.size === 0) return
    isLooking = true
    lookAt([...watched.keys()])
      .catch(warn)
      .finally(() => {
        isLooking = false
      })
  }
  const forget = (id: string, one: Watched) => {
    const all = watched.get(id)
    all?.delete(one)
    if (all?.size === 0) watched.delete(id)
  }
  return {
    watch: (session, ended) => {
      timer ??= setInterval(lookOnce, lookEveryMs)
      const one = { meaning: meaningOf(session), ended }
      const all = watched.get(session.id)
      if (all) all.add(one)
      else watched.set(session.id, new Set([one]))
      return () => forget(session.id, one)
    },
    revoked: endAll,
    changed: (id) => {
      if (watched.has(id)) lookAt([id]).catch(warn)
    },
    missed: lookOnce,
    stop: () => clearInterval(timer),
  }
}
