import type { Log } from '#kit/log'
import type { Found, ProviderTokens, Renewal, SessionStore, WebSession } from './session-store.ts'

export type RenewalDeps = {
  readonly store: Pick<SessionStore, 'renew'>
  readonly ask: (tokens: ProviderTokens) => Promise<Renewal>
  readonly now: () => Date
  readonly log: Log
  readonly seen: (outcome: 'renewed' | 'ended' | 'lost' | 'failed') => void
}

/** No connection and no row waits with them: the bound is for the provider's sake. */
const atOnceMax = 50
/** After a failure the provider is left alone for this long: nobody waits for it in vain meanwhile. */
const restMs = 10_000

/**
 * Roles follow the provider and a disabled person is out as soon as the access token ends. While
 * the provider cannot be asked the session goes on to its own end, which nothing moves: an outage
 * signs nobody out and nobody in.
 */
export function createRenewal({ store, ask, now, log, seen }: RenewalDeps) {
  let running = 0
  let restUntil = 0

  const renew = async (secret: string): Promise<Found> => {
    running += 1
    try {
      const { found, failure, asked } = await store.renew(secret, ask)
      if (failure !== null) {
        seen('failed')
        restUntil = now().getTime() + restMs
        log.warn('The provider could not be asked about a session', failure)
      } else if (asked) {
        seen(outcomeOf(found))
      }
      return found
    } finally {
      running -= 1
    }
  }
  return async (secret: string, session: WebSession): Promise<Found> => {
    const time = now().getTime()
    const isDue = session.renewAt !== null && session.renewAt.getTime() <= time
    return isDue && time >= restUntil && running < atOnceMax ? renew(secret) : session
  }
}

function outcomeOf(found: Found) {
  if (found === 'lost') return 'lost'
  return found ? 'renewed' : 'ended'
}
