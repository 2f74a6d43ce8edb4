import { OperationTypeNode } from 'graphql'
import type { Budget } from './budget.ts'
import { SubgraphFault } from './fault.ts'
import type { TransportSettings } from './settings.ts'
import type { AnswerText, Ask } from './transport.ts'

export type RetryDeps = {
  readonly settings: Pick<TransportSettings, 'retriesMax' | 'retryPauseMs' | 'retryPauseMaxMs'>
  readonly budget: Budget
  /** From 0 to less than 1. */
  readonly random: () => number
  readonly retried: () => void
}

/**
 * Asks a query again after a fault that may pass, after a pause that differs from caller to caller.
 * What was asked once in a mutation may have been done: it is never asked again.
 */
export const retried =
  (ask: Ask, deps: RetryDeps): Ask =>
  (attempt) => {
    deps.budget.earn()
    if (attempt.kind !== OperationTypeNode.QUERY) return ask(attempt)
    const askAfter = (retries: number): Promise<AnswerText> =>
      ask(attempt).catch(async (cause) => {
        const pauseMs = pauseAfter(cause, retries, deps)
        if (pauseMs === null || attempt.signal.aborted || !deps.budget.spend()) throw cause
        await pause(pauseMs, attempt.signal)
        deps.retried()
        return askAfter(retries + 1)
      })
    return askAfter(0)
  }

/** Null when it is not worth asking again. */
function pauseAfter(cause: unknown, retries: number, { settings, random }: RetryDeps) {
  const { retriesMax, retryPauseMs, retryPauseMaxMs } = settings
  if (retries >= retriesMax || !(cause instanceof SubgraphFault) || !cause.mayRetry) return null
  const ownMs = Math.min(retryPauseMaxMs, random() * retryPauseMs * 2 ** retries)
  const { retryAfterMs } = cause
  if (retryAfterMs === null) return ownMs
  return retryAfterMs <= retryPauseMaxMs ? retryAfterMs + ownMs : null
}

/** Rejects with the signal's reason as soon as it aborts. */
function pause(pauseMs: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(() => {
    signal.removeEventListener('abort', leave)
    resolve()
  }, pauseMs)
  const leave = () => {
    clearTimeout(timer)
    reject(signal.reason)
  }
  signal.addEventListener('abort', leave, { once: true })
  return promise
}
