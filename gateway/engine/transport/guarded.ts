import { isTimeout } from '../../deadline.ts'
import type { Breaker, Pass } from './breaker.ts'
import { SubgraphFault } from './fault.ts'
import type { Limiter } from './limiter.ts'
import type { Ask } from './transport.ts'

export type GuardedDeps = {
  readonly limiter: Limiter
  readonly breaker: Breaker | null
  /** A deadline that passes sooner says nothing about the subgraph. */
  readonly patienceMs: number
  readonly nowMs: () => number
}

const nobodyCounts: Pass = { succeeded: () => {}, failed: () => {}, unknown: () => {} }

/**
 * Asks only so many at once, and none, also none in the queue, while the breaker is open; the breaker
 * is told what came of it. A stream takes a place only until it has opened: it may stay for an hour.
 */
export const guarded =
  (ask: Ask, { limiter, breaker, patienceMs, nowMs }: GuardedDeps): Ask =>
  async (attempt) => {
    const pass = breaker ? breaker.enter() : nobodyCounts
    if (!pass) throw new SubgraphFault('open', 'it failed too often a moment ago')
    const startedAtMs = nowMs()
    let isIn = false
    try {
      const turn = limiter.enter(attempt.signal)
      if (turn) await turn
      isIn = true
      const answer = await ask(attempt)
      pass.succeeded()
      return answer
    } catch (cause) {
      const wasPatient = nowMs() - startedAtMs >= patienceMs
      if (cause instanceof SubgraphFault ? cause.counts : wasPatient && isTimeout(cause))
        pass.failed()
      else pass.unknown()
      throw cause
    } finally {
      if (isIn) limiter.leave()
    }
  }
