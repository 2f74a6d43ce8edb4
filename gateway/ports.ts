import type { Checks } from '#kit/health'
import { serveMetrics } from '#kit/metrics'
import type { Pool } from '#kit/postgres'
import { serve } from '#kit/serve'
import type { GatewayApp, GatewayAppDeps } from './app-deps.ts'
import { createOverload } from './overload.ts'

/** The public port, and the private one that only Prometheus reaches. */
export function portsOf(deps: GatewayAppDeps, fetch: GatewayApp['fetch'], checks: Checks) {
  const { config, log, metrics, metricsPortSetting = 'GATEWAY_METRICS_PORT' } = deps
  const { hostname, limits, trustedProxies, noticeMs } = config
  const opened: { stop(): Promise<void> }[] = []
  const shared = { hostname, metrics }
  const gate = createOverload({ settings: config.overload, metrics })
  return {
    open: async () => {
      const scrape = { port: config.metricsPort, portSetting: metricsPortSetting }
      opened.push(serveMetrics({ ...shared, ...scrape }))
      const server = await serve({
        ...{ ...shared, service: 'gateway', log, fetch, trustedProxies, noticeMs },
        ...{ port: config.port, portSetting: 'GATEWAY_PORT' },
        bodyBytesMax: limits.transferBytesMax,
        idleTimeoutSeconds: idleSeconds(limits.deadlineMs, config.streams.heartbeatMs),
        ...{ checks, gate },
      })
      gate.start()
      opened.push(server)
    },
    close: async () => {
      gate.stop()
      for (const port of opened.splice(0).reverse()) await port.stop()
    },
  }
}

/**
 * A connection that is quiet while an answer is worked out must outlive the deadline, and a stream
 * the time from one heartbeat to the next.
 */
const idleSeconds = (...quietMs: readonly number[]) =>
  Math.min(255, Math.ceil(Math.max(...quietMs) / 1_000) + 20)

/** What /readyz asks. The provider is not among it: who is signed in does not need it. */
export const readinessOf = (sql: Pool) => ({
  database: async () => {
    await sql`select 1`
  },
})
