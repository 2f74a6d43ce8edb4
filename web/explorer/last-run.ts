import { createStore } from './store.ts'

/** One request to a subgraph; times are in milliseconds since the run began. */
export type TracedFetch = {
  readonly id: number
  readonly subgraph: string
  readonly path: readonly string[]
  readonly startMs: number
  readonly durationMs: number
  readonly bytes: number
  readonly entities: number | null
  readonly status: 'ok' | 'partial' | 'failed'
  readonly cost: number | null
}

export type Trace = { readonly totalMs: number; readonly fetches: readonly TracedFetch[] }
export type RunCost = {
  readonly estimated: number
  readonly actual: number
  readonly max: number
}

export type Run = {
  readonly query: string
  readonly operationName: string | null
  /** Null where the gateway tells none: after a refusal, and for a subscription. */
  readonly trace: Trace | null
  readonly cost: RunCost | null
}

/** The last operation that was run on this page; null before the first. */
export const lastRun = createStore<Run | null>(null)
