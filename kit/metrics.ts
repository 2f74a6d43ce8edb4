import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { listen } from './listen.ts'

type Labels = Record<string, string>
type Described = { readonly name: string; readonly help: string }

/** Every label value must come from a short closed list: each new one is a new time series. */
export type Metrics = {
  /** One answered request; `route` is a pattern such as /graphql, never the raw path. */
  request(seen: { route: string; method: string; status: number; seconds: number }): void
  /** One executed operation; `operation` is the registered name or `free-text`. */
  operation(seen: {
    operation: string
    outcome: 'ok' | 'partial' | 'failed'
    seconds: number
  }): void
  /** Registers a value that is read at each scrape, for example how many connections wait. */
  gauge(metric: Described & { read: () => number }): void
  /** Registers a value for each of a label's values, for example for each subgraph. */
  gauges(
    metric: Described & { label: string; read: () => Iterable<readonly [string, number]> },
  ): void
  /** Registers a counter; its name ends in `_total`. */
  counter(
    metric: Described & { labels?: readonly string[] },
  ): (labels?: Labels, by?: number) => void
  /**
   * Registers a histogram: of seconds, with a name that ends in `_seconds`, or of what its own
   * buckets say.
   */
  histogram(metric: HistogramOptions): Observe
  /** Everything in the text format that Prometheus scrapes. */
  text(): Promise<string>
}

type Observe = (value: number, labels?: Labels) => void
type HistogramOptions = Described & {
  readonly labels?: readonly string[]
  /** Their upper bounds; without them, those for seconds. */
  readonly buckets?: readonly number[]
}

/** From half a millisecond to ten seconds: a fast-lane answer and a deadline both fall inside. */
const secondBuckets = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
]
const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/**
 * A registry of its own for each service: several live in one process on a laptop, where one of
 * them alone has the process's own values.
 */
export function createMetrics(service: string, { ofProcess = true } = {}): Metrics {
  const registry = new Registry()
  const registers = [registry]
  registry.setDefaultLabels({ service })
  if (ofProcess) collectDefaultMetrics({ register: registry })
  const histogram = ({ name, help, labels = [], buckets = secondBuckets }: HistogramOptions) => {
    const own = { buckets: [...buckets], labelNames: [...labels], registers }
    const seen = new Histogram({ name, help, ...own })
    return (value: number, values: Labels = {}) => seen.observe(values, value)
  }
  const requestSeconds = histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the arrival of a request to its response headers.',
    labels: ['route', 'method', 'status'],
  })
  const operationSeconds = histogram({
    name: 'graphql_operation_duration_seconds',
    help: 'Time to execute one GraphQL operation.',
    labels: ['operation', 'outcome'],
  })
  return {
    request: ({ route, method, status, seconds }) =>
      requestSeconds(seconds, {
        route,
        method: knownMethods.has(method) ? method : 'OTHER',
        status: String(status),
      }),
    operation: ({ operation, outcome, seconds }) =>
      operationSeconds(seconds, { operation, outcome }),
    gauge: ({ name, help, read }) => {
      const gauge: Gauge = new Gauge({ name, help, registers, collect: () => gauge.set(read()) })
    },
    gauges: ({ name, help, label, read }) => {
      const collect = () => {
        gauge.reset()
        for (const [value, amount] of read()) gauge.set({ [label]: value }, amount)
      }
      const gauge: Gauge = new Gauge({ name, help, labelNames: [label], registers, collect })
    },
    counter: ({ name, help, labels = [] }) => {
      const counter = new Counter({ name, help, labelNames: [...labels], registers })
      return (values = {}, by = 1) => counter.inc(values, by)
    },
    histogram,
    text: () => registry.metrics(),
  }
}

type ServeOptions = {
  readonly metrics: Metrics
  readonly port: number
  readonly portSetting?: string
  readonly hostname: string
}

/** Serves /metrics alone, on a port that no ingress reaches. Throws PortTakenError. */
export function serveMetrics(options: ServeOptions): { url: URL; stop(): Promise<void> } {
  const { metrics, port, portSetting = 'METRICS_PORT', hostname } = options
  const server = listen({
    port,
    portSetting,
    hostname,
    fetch: async (request) => {
      if (new URL(request.url).pathname !== '/metrics') return new Response(null, { status: 404 })
      return new Response(await metrics.text(), {
        headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
      })
    },
  })
  return { url: server.url, stop: () => server.stop(true) }
}
