import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import { untilSignal } from '#kit/serve'
import { startTracing } from '#kit/trace'
import { createGatewayApp } from './app.ts'
import { configFrom } from './config.ts'

const service = 'gateway'
const config = configFrom(process.env)
const { traceEndpoint } = config
const log = createLog({ service, level: config.logLevel })
const tracing = startTracing({ service, ...(traceEndpoint && { endpoint: traceEndpoint }) })
const gateway = await createGatewayApp({
  ...{ config, log, metrics: createMetrics(service) },
  now: () => new Date(),
})
await gateway.start()

await untilSignal(async () => {
  await gateway.stop()
  await tracing.stop()
}, log)
