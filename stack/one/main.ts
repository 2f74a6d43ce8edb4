import { untilSignalWith } from '#kit/serve'
import { startTracing } from '#kit/tracing'
import { startSystem } from '../system.ts'
import { environmentsFrom } from './environments.ts'

/** The whole graph in this process until a signal ends it, by production's rules. */
export async function main(env: Record<string, string | undefined>): Promise<never> {
  const environments = environmentsFrom(env)
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = environments.gateway
  const { started, ended } = untilSignalWith()
  started.push(startTracing({ service: 'plexus', ...(endpoint && { endpoint }) }))
  const write = (line: string) => void process.stdout.write(line)
  started.push(await startSystem({ environments, now: () => new Date(), write }))
  return ended
}
