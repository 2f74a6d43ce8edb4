import { AppError } from '#kit/errors'
import type { Metrics } from '#kit/metrics'
import type { Exchange } from './exchange.ts'

export type StreamLimits = {
  /** How many one caller may have open at a time, on this instance. */
  readonly perCallerMax: number
  /** Then a stream ends, and whoever wants more opens another one. */
  readonly maxAgeMs: number
}

/** The place of one stream among the open ones. */
export type Seat = {
  /**
   * Aborts when the stream has to end: with an AppError that the client is told, or with
   * `endedByUs`, or because the client has gone or the place was left.
   */
  readonly signal: AbortSignal
  /** The stream is over, whoever ended it; what feeds it is let go of. Safe to call again. */
  leave(): void
}

export type OpenStreams = {
  /** Throws AppError RATE_LIMITED, and UNAVAILABLE when no stream may begin any more. */
  take(exchange: Exchange): Seat
  /** Ends every stream so that its client connects again, elsewhere; takes no further one. */
  drain(): void
}

/** Calls back at once when the session is over, or is no longer what it was; gives the way out. */
export type WatchSession = (
  session: { readonly id: string; readonly personId: string; readonly roles: readonly string[] },
  ended: (reason: AppError) => void,
) => () => void

/** The same for a program, when an administrator has disabled it. */
export type WatchProgram = (clientId: string, ended: (reason: AppError) => void) => () => void

/** Why a stream ends that nothing is wrong with; said only to a client whose stream had not begun. */
export const endedByUs = new AppError('UNAVAILABLE', 'The stream has ended. Open another one.')

type StreamsDeps = {
  readonly limits: StreamLimits
  readonly watchSession: WatchSession
  /** Without it programs are watched by nobody. */
  readonly watchProgram?: WatchProgram
  readonly metrics: Pick<Metrics, 'gauge'>
  readonly now: () => Date
}

const nothing = () => {}

/** A timer cannot wait longer. */
const timerMsMax = 2_147_483_647

export function createStreams(deps: StreamsDeps): OpenStreams {
  const { limits, watchSession, watchProgram, metrics, now } = deps
  const open = new Set<AbortController>()
  const callers = new Map<string, number>()
  let isDraining = false
  metrics.gauge({
    name: 'graphql_streams_open',
    help: 'Subscriptions that are being answered.',
    read: () => open.size,
  })

  const count = (caller: string, by: 1 | -1) => {
    const total = (callers.get(caller) ?? 0) + by
    if (total === 0) callers.delete(caller)
    else callers.set(caller, total)
  }
  const endAt = (controller: AbortController, { provenUntil }: Exchange) => {
    const leftMs = provenUntil ? provenUntil.getTime() - now().getTime() : timerMsMax
    const isProofFirst = leftMs < limits.maxAgeMs
    const reason = isProofFirst ? signedOut('Your access token has expired.') : endedByUs
    const ms = Math.min(Math.max(leftMs, 0), limits.maxAgeMs, timerMsMax)
    return setTimeout(() => controller.abort(reason), ms)
  }
  const watch = (controller: AbortController, { viewer, clientId }: Exchange) => {
    const end = (why: AppError) => controller.abort(why)
    if (clientId !== null) return watchProgram?.(clientId, end) ?? nothing
    if (!viewer?.sessionId) return nothing
    return watchSession({ id: viewer.sessionId, personId: viewer.id, roles: viewer.roles }, end)
  }

  return {
    take: (exchange) => {
      const caller = callerOf(exchange)
      if (isDraining) throw new AppError('UNAVAILABLE', 'This instance is stopping. Try again.')
      if ((callers.get(caller) ?? 0) >= limits.perCallerMax)
        throw new AppError('RATE_LIMITED', 'You have too many streams open. Close one of them.')
      const controller = new AbortController()
      open.add(controller)
      count(caller, 1)
      const timer = endAt(controller, exchange)
      const unwatch = watch(controller, exchange)
      return {
        signal: AbortSignal.any([exchange.signal, controller.signal]),
        leave: () => {
          if (!open.delete(controller)) return
          count(caller, -1)
          clearTimeout(timer)
          unwatch()
          controller.abort(endedByUs)
        },
      }
    },
    drain: () => {
      isDraining = true
      for (const controller of [...open]) controller.abort(endedByUs)
    },
  }
}

/** What a client is told whose stream ends because it is nobody any more. */
export const signedOut = (message = 'Your session has ended.') =>
  new AppError('UNAUTHENTICATED', message)

const callerOf = ({ viewer, clientAddress }: Exchange) =>
  viewer ? `viewer ${viewer.id}` : `address ${clientAddress}`
