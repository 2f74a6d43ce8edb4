import { ConfigError } from '#kit/config'
import { PortTakenError } from '#kit/listen'
import { createLog } from '#kit/log'
import { untilSignalWith } from '#kit/serve'
import { UnfitError } from '../operations/prepare-registered.ts'
import { createStandaloneApp } from './app.ts'
import { configFrom } from './config.ts'
import { asksForHelp, UsageError, usage } from './flags.ts'
import { GraphFileError } from './graph-file.ts'
import { noMetrics } from './no-metrics.ts'

const service = 'gateway'

async function run(): Promise<never> {
  const args = process.argv.slice(2)
  if (asksForHelp(args)) {
    console.log(usage)
    process.exit(0)
  }
  const config = configFrom(process.env, args)
  const log = createLog({ service, level: config.logLevel })
  const { started, ended } = untilSignalWith(log)
  if (config.traceEndpoint !== null) {
    const { startTracing } = await import('#kit/tracing')
    started.push(startTracing({ service, endpoint: config.traceEndpoint }))
  }
  const metrics = await metricsFor(config.metricsPort)
  const app = await createStandaloneApp({ config, log, metrics, now: () => new Date() })
  started.push(app)
  await app.start()
  process.on('SIGHUP', () => void app.reload())
  return ended
}

/** Loaded only where somebody scrapes them. */
async function metricsFor(port: number | null) {
  if (port === null) return noMetrics
  return (await import('#kit/metrics')).createMetrics(service)
}

/** What a person at the terminal can mend is said without a stack. */
const mendable = [ConfigError, GraphFileError, PortTakenError, UnfitError, UsageError]

await run().catch((error: unknown) => {
  if (!mendable.some((one) => error instanceof one)) throw error
  console.error(error instanceof Error ? error.message : error)
  process.exit(2)
})
