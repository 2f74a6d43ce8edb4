import type { Variables } from '#kit/cost/amount'
import type { Fetched } from '../exchange.ts'
import { answerCostOf, type Counting } from './fetch-cost.ts'

/** Header by which an explorer asks what a run did. */
export const traceHeader = 'x-plexus-trace'

/** One request to a subgraph in a run; times are in milliseconds since the run began. */
export type TracedFetch = {
  /** Its place in the plan. */
  readonly id: number
  readonly subgraph: string
  readonly path: readonly string[]
  readonly startMs: number
  readonly durationMs: number
  readonly bytes: number
  readonly entities: number | null
  readonly status: Fetched['status']
  /** What it has cost; null where nobody counts. */
  readonly cost: number | null
}

/** What `extensions.trace` holds. */
export type Trace = { readonly totalMs: number; readonly fetches: readonly TracedFetch[] }

type Known = {
  readonly variables: Variables
  /** Null where nobody counts. */
  readonly counting: Counting | null
}

/** Collects what `exchange.onFetched` is told; `traceOf` puts it into words when the run is over. */
export function startTrace({ variables, counting }: Known) {
  const startedAt = performance.now()
  const fetches: (Omit<TracedFetch, 'path'> & { readonly id: number })[] = []
  return {
    onFetched: ({ document, data, startedAt: from, endedAt, ...one }: Fetched) => {
      fetches.push({
        ...one,
        startMs: rounded(from - startedAt),
        durationMs: rounded(endedAt - from),
        // Counted at once: the answer is about to be merged with others.
        cost: counting && answerCostOf({ document, data }, variables, counting),
      })
    },
    traceOf: (pathsOf: (id: number) => readonly string[]): Trace => ({
      totalMs: rounded(performance.now() - startedAt),
      fetches: fetches
        .toSorted((one, other) => one.startMs - other.startMs || one.id - other.id)
        .map((one) => ({ ...one, path: pathsOf(one.id) })),
    }),
  }
}

const rounded = (ms: number) => Math.round(ms * 100) / 100
