import { SubgraphFault } from './fault.ts'

export type Limiter = {
  readonly inFlight: number
  readonly waiting: number
  /**
   * Null when there is room at once; else when there is. Throws, or rejects with, a fault `busy` when
   * there is none in time. Whoever came in must leave.
   */
  enter(signal: AbortSignal): Promise<void> | null
  leave(): void
}

type Limits = { readonly concurrencyMax: number; readonly queueMax: number }

/** First come, first served; who leaves the queue costs nobody else their place. */
export function createLimiter({ concurrencyMax, queueMax }: Limits): Limiter {
  // A Set iterates in the order of insertion, so the first one has waited longest.
  const waiting = new Set<() => void>()
  let inFlight = 0
  const turn = (signal: AbortSignal) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const begin = () => {
      signal.removeEventListener('abort', giveUp)
      resolve()
    }
    const giveUp = () => {
      waiting.delete(begin)
      reject(new SubgraphFault('busy', 'its turn did not come'))
    }
    signal.addEventListener('abort', giveUp, { once: true })
    waiting.add(begin)
    return promise
  }
  const leave = () => {
    const [next] = waiting.size > 0 ? waiting : []
    if (!next) {
      inFlight -= 1
      return
    }
    waiting.delete(next)
    next()
  }
  return {
    get inFlight() {
      return inFlight
    },
    get waiting() {
      return waiting.size
    },
    enter: (signal) => {
      signal.throwIfAborted()
      if (inFlight < concurrencyMax) inFlight += 1
      else if (waiting.size < queueMax) return turn(signal)
      else throw new SubgraphFault('busy', `${queueMax} requests wait for it already`)
      return null
    },
    leave,
  }
}
