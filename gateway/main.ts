import { createLog } from '#kit/log'
import { createMetrics, serveMetrics } from '#kit/metrics'
import { connect } from '#kit/postgres'
import { serve, untilSignal } from '#kit/serve'
import { startTracing } from '#kit/trace'
import { createGatewayApp } from './app.ts'
import { configFrom } from './config.ts'

const service = 'gateway'
const config = configFrom(process.env)
const log = createLog({ service, level: config.logLevel })
const metrics = createMetrics(service)
const { traceEndpoint, hostname } = config
const tracing = startTracing({ service, ...(traceEndpoint && { endpoint: traceEndpoint }) })
const sql = connect({ ...config.database, service })
const app = await createGatewayApp({ config, sql, log, metrics, now: () => new Date() })
await app.start()
const scrape = serveMetrics({
  metrics,
  port: config.metricsPort,
  portSetting: 'GATEWAY_METRICS_PORT',
  hostname,
})
const server = await serve({
  ...{ service, hostname, log, metrics, fetch: app.fetch, checks: app.checks },
  port: config.port,
  portSetting: 'GATEWAY_PORT',
  trustedProxies: config.trustedProxies,
  bodyBytesMax: config.limits.transferBytesMax,
})

await untilSignal(async () => {
  await server.stop()
  await app.stop()
  await scrape.stop()
  await sql.end({ timeout: 5 })
  await tracing.stop()
}, log)
