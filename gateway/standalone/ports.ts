import type { Checks } from '#kit/health'
import type { Log } from '#kit/log'
import type { Metrics } from '#kit/metrics'
import { serve } from '#kit/serve'
import type { RequestInfo } from '../exchange.ts'
import type { StandaloneConfig } from './config.ts'

type PortsDeps = {
  readonly config: StandaloneConfig
  readonly log: Log
  readonly metrics: Metrics
  readonly fetch: (request: Request, info: RequestInfo) => Promise<Response>
  /** Ends the streams that nothing else would end. */
  readonly closing: () => void
  readonly checks: Checks
}

export type Ports = {
  /** Throws PortTakenError, and leaves nothing open then. */
  open(): Promise<URL>
  close(): Promise<void>
}

/** The graph's port, and the one for Prometheus where there is to be one. */
export function portsOf(deps: PortsDeps): Ports {
  const { config, log, metrics, fetch, closing, checks } = deps
  const { hostname, port, metricsPort, noticeMs, limits, streams } = config
  const opened: { stop(): Promise<void> }[] = []
  const openAll = async () => {
    if (metricsPort !== null) {
      const { serveMetrics } = await import('#kit/metrics')
      const scrape = { port: metricsPort, portSetting: 'GATEWAY_METRICS_PORT' }
      opened.push(serveMetrics({ metrics, hostname, ...scrape }))
    }
    const server = await serve({
      ...{ service: 'gateway', log, metrics, fetch, hostname, port, noticeMs, closing, checks },
      portSetting: 'GATEWAY_PORT',
      bodyBytesMax: limits.bodyBytesMax * 16,
      idleTimeoutSeconds: idleSeconds(limits.deadlineMs, streams.heartbeatMs),
    })
    opened.push(server)
    return server.url
  }
  const close = async () => {
    for (const one of opened.splice(0).reverse()) await one.stop()
  }
  return {
    open: () =>
      openAll().catch(async (error: unknown) => {
        await close()
        throw error
      }),
    close,
  }
}

/** A line that is quiet while an answer is worked out outlives the deadline. */
const idleSeconds = (...quietMs: readonly number[]) =>
  Math.min(255, Math.ceil(Math.max(...quietMs) / 1_000) + 20)
