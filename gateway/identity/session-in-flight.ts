import { AppError } from '#kit/errors'
import type { Stage } from '../exchange.ts'
import { endedByUs, type WatchSession } from '../streams.ts'

/**
 * What ends its own session is still answered, as everything is that is nearly done. Together with
 * what it takes to hear of the end it stays well below a second.
 */
const graceMs = 250

const changed = () => new AppError('UNAVAILABLE', 'What you may do has just changed. Try again.')

/**
 * A request does not outlive the session that it came with: it is told that the session is over,
 * and what is asked of subgraphs for it is let go. A stream looks after itself once it is open.
 */
export const whileSignedIn =
  (watchSession: WatchSession): Stage =>
  async (exchange, next) => {
    const { viewer } = exchange
    if (!viewer?.sessionId) return next()
    const { promise: over, reject } = Promise.withResolvers<never>()
    const controller = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const end = (reason: AppError) => {
      const refusal = reason === endedByUs ? changed() : reason
      controller.abort(refusal)
      reject(refusal)
    }
    const session = { id: viewer.sessionId, personId: viewer.id, roles: viewer.roles }
    const unwatch = watchSession(session, (reason) => {
      timer ??= setTimeout(end, graceMs, reason)
    })
    exchange.signal = AbortSignal.any([exchange.signal, controller.signal])
    try {
      return await Promise.race([next(), over])
    } finally {
      unwatch()
      clearTimeout(timer)
    }
  }
