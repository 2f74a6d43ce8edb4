import type { Log } from '#kit/log'
import type { ProviderTokens, Renewal, SessionStore, WebSession } from './session-store.ts'

export type RenewalDeps = {
  readonly store: Pick<SessionStore, 'renew'>
  readonly ask: (tokens: ProviderTokens) => Promise<Renewal>
  readonly now: () => Date
  readonly log: Log
  readonly seen: (outcome: 'renewed' | 'ended' | 'failed') => void
}

/**
 * Each holds a row and a connection while the provider answers: the pool must keep some for
 * everybody else.
 */
const atOnceMax = 4
/** After a failure the provider is left alone for this long. */
const restMs = 10_000

/**
 * Roles follow the provider and a disabled person is out as soon as the access token ends. While
 * the provider cannot be asked the session goes on to its own end, which nothing moves: an outage
 * signs nobody out and nobody in.
 */
export function createRenewal({ store, ask, now, log, seen }: RenewalDeps) {
  let running = 0
  let restUntil = 0

  const renew = async (session: WebSession) => {
    running += 1
    try {
      const renewed = await store.renew(session.id, ask)
      seen(renewed ? 'renewed' : 'ended')
      return renewed
    } catch (error) {
      seen('failed')
      restUntil = now().getTime() + restMs
      log.warn('The provider could not be asked about a session', error)
      return session
    } finally {
      running -= 1
    }
  }
  /** Null when the provider ended the sign-in. */
  return async (session: WebSession): Promise<WebSession | null> => {
    const time = now().getTime()
    const isDue = session.renewAt !== null && session.renewAt.getTime() <= time
    return isDue && time >= restUntil && running < atOnceMax ? renew(session) : session
  }
}
