import type { Metrics } from '#kit/metrics'
import type { BreakerState } from './breaker.ts'
import type { TransportGauges, TransportObserver } from './index.ts'

const stateNumbers: Record<BreakerState, number> = { closed: 0, 'half-open': 1, open: 2 }

/** Shows the transports in the metrics; once for each registry. The newest of a name counts. */
export function observedBy(metrics: Pick<Metrics, 'gauges' | 'counter'>): TransportObserver {
  const opened = new Map<string, TransportGauges>()
  const each = (read: (gauges: TransportGauges) => number) => () =>
    [...opened].map(([name, gauges]) => [name, read(gauges)] as const)
  metrics.gauges({
    name: 'subgraph_requests_in_flight',
    help: 'Requests that a subgraph has not answered yet.',
    label: 'subgraph',
    read: each(({ limiter }) => limiter.inFlight),
  })
  metrics.gauges({
    name: 'subgraph_requests_waiting',
    help: 'Requests that wait because as many as allowed are in flight.',
    label: 'subgraph',
    read: each(({ limiter }) => limiter.waiting),
  })
  metrics.gauges({
    name: 'subgraph_breaker_state',
    help: '0 closed, 1 half open, 2 open: the subgraph is not asked.',
    label: 'subgraph',
    read: each(({ breaker }) => stateNumbers[breaker?.state ?? 'closed']),
  })
  const count = metrics.counter({
    name: 'subgraph_protection_total',
    help: 'Requests that were shared, retried or hedged.',
    labels: ['subgraph', 'protection'],
  })
  return {
    opened: (subgraph, gauges) => void opened.set(subgraph, gauges),
    did: (subgraph, protection) => count({ subgraph, protection }),
  }
}
