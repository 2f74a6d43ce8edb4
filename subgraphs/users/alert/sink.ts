import type { Log } from '#kit/log'
import type { Metrics } from '#kit/metrics'
import type { AlertRow } from './queries.ts'

/** Where alerts go that somebody must hear of. Throws when it has to be tried again. */
export type AlertSink = { tell(alert: AlertRow): Promise<void> }

/** A line at `warn` that begins with `security alert` and the kind, and `security_alerts_total`; only at the first try. */
export function createLogSink({ log, metrics }: { log: Log; metrics: Metrics }): AlertSink {
  const count = metrics.counter({
    name: 'security_alerts_total',
    help: 'Things that people who watch over the system must hear of, by kind.',
    labels: ['kind'],
  })
  return {
    tell: async ({ kind, summary, attempts }) => {
      if (attempts > 1) return
      count({ kind })
      log.warn(`security alert ${kind}: ${summary}`)
    },
  }
}
