import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import { untilSignal } from '#kit/serve'
import { startTracing } from '#kit/trace'
import { createGatewayApp } from './app.ts'
import { configFrom } from './config.ts'

const service = 'gateway'
const config = configFrom(process.env)
const log = createLog({ service, level: config.logLevel })
const metrics = createMetrics(service)
const { traceEndpoint } = config
const tracing = startTracing({ service, ...(traceEndpoint && { endpoint: traceEndpoint }) })
const app = await createGatewayApp({ config, log, metrics, now: () => new Date() })
await app.start()
await untilSignal(async () => {
  await app.stop()
  await tracing.stop()
}, log)
