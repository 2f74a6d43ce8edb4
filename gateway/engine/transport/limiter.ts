import { SubgraphFault } from './fault.ts'
import type { Ask } from './transport.ts'

export type Limiter = {
  readonly inFlight: number
  readonly waiting: number
  /** Runs `work` when there is room. Rejects with a fault `busy` when there is none in time. */
  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>
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
      signal.removeEventListener('abort', leave)
      resolve()
    }
    const leave = () => {
      waiting.delete(begin)
      reject(new SubgraphFault('busy', 'its turn did not come'))
    }
    signal.addEventListener('abort', leave, { once: true })
    waiting.add(begin)
    return promise
  }
  const done = () => {
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
    run: async (signal, work) => {
      signal.throwIfAborted()
      if (inFlight < concurrencyMax) inFlight += 1
      else if (waiting.size < queueMax) await turn(signal)
      else throw new SubgraphFault('busy', `${queueMax} requests wait for it already`)
      try {
        return await work()
      } finally {
        done()
      }
    },
  }
}

/** A stream takes a place only until it has opened: it may stay open for an hour. */
export const limited =
  (ask: Ask, limiter: Limiter): Ask =>
  (attempt) =>
    limiter.run(attempt.signal, () => ask(attempt))
