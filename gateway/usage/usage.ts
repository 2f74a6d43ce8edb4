import { addedUp, noDurations, placeOf } from '#kit/durations'
import type { Log } from '#kit/log'
import { startWorker } from '#kit/worker'
import type { Exchange } from '../exchange.ts'

/** One run of a registered operation. */
export type Run = {
  readonly exchange: Pick<Exchange, 'registered' | 'credential' | 'clientId'>
  readonly isFailed: boolean
  readonly seconds: number
}

/** What was run of one operation by one caller on one day, since it was last written down. */
export type Use = {
  /** In UTC, as 2026-11-22. */
  readonly day: string
  readonly caller: string
  readonly client: string
  readonly hash: string
  readonly calls: number
  readonly failed: number
  readonly durations: readonly number[]
  readonly lastAt: string
}

export type Usage = {
  /** Counts a run; free text is nobody's contract, and is not counted. */
  seen(run: Run): void
  start(): void
  /** Writes down what is left. */
  stop(): Promise<void>
}

export type UsageDeps = {
  /** Adds these to what is known; rejects when nothing of it was. */
  readonly add: (uses: readonly Use[]) => Promise<void>
  readonly webClientId: string
  readonly log: Log
  readonly now: () => Date
  readonly everyMs?: number
}

/** As many as are waited for while the database is away; further ones are not counted. */
const usesMax = 20_000

/** Counts in memory what is run, and adds it to what all instances know every few seconds. */
export function createUsage(deps: UsageDeps): Usage {
  const { add, log, now, everyMs = 5_000 } = deps
  let waiting = new Map<string, Use>()
  const put = (use: Use) => {
    const key = keyOf(use)
    const known = waiting.get(key)
    if (known) waiting.set(key, together(known, use))
    else if (waiting.size < usesMax) waiting.set(key, use)
  }
  const write = async () => {
    if (waiting.size === 0) return
    const uses = waiting
    waiting = new Map()
    try {
      await add([...uses.values()])
    } catch (error) {
      for (const use of uses.values()) put(use)
      throw error
    }
  }
  let worker: ReturnType<typeof startWorker> | undefined
  return {
    seen: (run) => {
      const use = useOf(run, now(), deps.webClientId)
      if (use) put(use)
    },
    start: () => {
      const work = () => write().then(() => false)
      worker ??= startWorker({ work, everyMs, log, trouble: 'What was run cannot be written down' })
    },
    stop: async () => {
      await worker?.stop()
      await write().catch((error: unknown) => log.warn('What was run is lost', error))
    },
  }
}

function useOf({ exchange, isFailed, seconds }: Run, at: Date, webClientId: string): Use | null {
  const { registered, credential, clientId } = exchange
  if (!registered) return null
  const durations = noDurations()
  durations[placeOf(seconds * 1_000)] = 1
  const lastAt = at.toISOString()
  const isProgram = credential === 'bearer' && clientId !== null && clientId !== webClientId
  return {
    ...{ day: lastAt.slice(0, 10), caller: isProgram ? clientId : 'web', lastAt, durations },
    ...{ client: registered.client, hash: registered.hash },
    ...{ calls: 1, failed: isFailed ? 1 : 0 },
  }
}

const keyOf = ({ day, caller, client, hash }: Use) => [day, caller, client, hash].join(' ')

const together = (one: Use, other: Use): Use => ({
  ...one,
  calls: one.calls + other.calls,
  failed: one.failed + other.failed,
  durations: addedUp(one.durations, other.durations),
  lastAt: latest([one.lastAt, other.lastAt]),
})

/** Of instants as ISO 8601 text in UTC, which sorts as they do. */
export const latest = (instants: readonly string[]): string => instants.toSorted().at(-1) ?? ''
