import { createLog, type Log } from './log.ts'
import { createMetrics, type Metrics, serveMetrics } from './metrics.ts'
import { serve, untilSignalWith } from './serve.ts'
import type { Service, ServiceSettings } from './service.ts'
import { createStartDoor } from './start-door.ts'
import { startTracing } from './tracing.ts'

/** What a service is built from, beside its own configuration. */
export type Surroundings = {
  readonly log: Log
  readonly metrics: Metrics
  readonly now: () => Date
}

type Options = {
  readonly name: string
  readonly settings: ServiceSettings
  readonly build: (surroundings: Surroundings) => Promise<Service>
}

/**
 * Runs one service alone in its process until a signal ends it. Never resolves; a signal that comes
 * while it is starting stops what has started by then.
 */
export async function run({ name, settings, build }: Options): Promise<never> {
  const { port, metricsPort, hostname, noticeMs, logLevel, traceEndpoint } = settings
  const log = createLog({ service: name, level: logLevel })
  const metrics = createMetrics(name)
  const { started, ended } = untilSignalWith(log)
  started.push(startTracing({ service: name, ...(traceEndpoint && { endpoint: traceEndpoint }) }))
  const service = await build({ log, metrics, now: () => new Date() })
  started.push(service)
  started.push(serveMetrics({ metrics, port: metricsPort, hostname }))
  const door = createStartDoor()
  const server = await serve({
    service: name,
    port,
    portSetting: 'PORT',
    hostname,
    noticeMs,
    fetch: door.guard(service.fetch),
    checks: { ...door.checks, ...service.checks },
    closing: () => service.drain?.(),
    log,
    metrics,
  })
  started.push(server)
  // The port is open by now: whoever watches sees a process that lives and is not ready.
  await service.start().catch((error: unknown) => {
    if (started.includes(service)) throw error
    // What a signal breaks in a start is no news.
    return ended
  })
  door.open()
  return ended
}
