import type { Metrics } from '#kit/metrics'

/** Where something was looked for. */
export type Place = 'page' | 'answer' | 'entity'
export type Outcome = 'hit' | 'stale' | 'miss'

/** Told of everything that the hit ratio is made of. */
export type KeptObserver = {
  looked(place: Place, outcome: Outcome, count?: number): void
  invalidated(entries: number): void
}

type Held = () => { readonly entries: number; readonly bytes: number }

/** Shows in the metrics what is kept, and how often it was of use. */
export function observedKept(
  metrics: Pick<Metrics, 'counter' | 'gauge'>,
  held: Held,
): KeptObserver {
  const look = metrics.counter({
    name: 'kept_lookups_total',
    help: 'Looks for what is kept, by place (page, answer, entity) and outcome (hit, stale, miss).',
    labels: ['place', 'outcome'],
  })
  const invalidate = metrics.counter({
    name: 'kept_invalidations_total',
    help: 'Entries that ended because what they tell of was changed.',
  })
  metrics.gauge({
    name: 'kept_bytes',
    help: 'Memory that kept answers take, as estimated.',
    read: () => held().bytes,
  })
  metrics.gauge({
    name: 'kept_entries',
    help: 'Kept answers in memory.',
    read: () => held().entries,
  })
  return {
    looked: (place, outcome, count = 1) => look({ place, outcome }, count),
    invalidated: (entries) => invalidate({}, entries),
  }
}
