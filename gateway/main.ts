import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import { untilSignalWith } from '#kit/serve'
import { startTracing } from '#kit/tracing'
import { createGatewayApp } from './app.ts'
import { configFrom } from './config.ts'

const service = 'gateway'
const config = configFrom(process.env)
const { traceEndpoint } = config
const log = createLog({ service, level: config.logLevel })
const { started, ended } = untilSignalWith(log)
started.push(startTracing({ service, ...(traceEndpoint && { endpoint: traceEndpoint }) }))
const gateway = await createGatewayApp({
  ...{ config, log, metrics: createMetrics(service) },
  now: () => new Date(),
})
started.push(gateway)
await gateway.start().catch((error: unknown) => {
  if (started.includes(gateway)) throw error
  // What a signal breaks in a start is no news.
  return ended
})
process.on('SIGHUP', () => void gateway.reload())
await ended
