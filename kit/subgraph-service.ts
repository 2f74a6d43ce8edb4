import type { GraphQLSchema } from 'graphql'
import type { SubgraphContext } from './builder.ts'
import { createEmbeddedBus } from './bus.embedded.ts'
import type { Bus } from './bus.ts'
import { createVerifier } from './identity-token.ts'
import type { Live } from './live.ts'
import { untilMigrated } from './migrated.ts'
import { connect, type Pool } from './postgres.ts'
import { startRelay } from './relay.ts'
import type { Surroundings } from './run.ts'
import type { Service, ServiceSettings } from './service.ts'
import { watchStorage } from './storage.ts'
import { createSubgraph } from './subgraph.ts'

type Part = { stop(): Promise<void> }
type Running = { readonly sql: Pool; readonly bus: Bus }

type Options<Context extends SubgraphContext> = Surroundings & {
  readonly name: string
  readonly config: ServiceSettings
  readonly schema: GraphQLSchema
  /** The number of the newest migration in the room's folder: nothing starts on an older schema. */
  readonly migrations: number
  /** Adds the room's loaders and ports to the context of a request. */
  readonly extend: (base: SubgraphContext) => Context
  /** Consumers, timers and servers of the room; they start in this order and stop in the reverse one. */
  readonly parts?: (running: Running) => readonly (Part | Promise<Part>)[]
  readonly sql?: Pool
  /** What the room's subscriptions listen to. */
  readonly live?: Live
}

export type DatabaseOptions = {
  /** Called with each SQL statement; tests count them. */
  readonly onStatement?: (text: string) => void
}

/** The pool of a service's own login role. */
export const poolOf = (
  name: string,
  { database }: ServiceSettings,
  { onStatement }: DatabaseOptions = {},
) => connect({ ...database, service: name, ...(onStatement && { onStatement }) })

/** A subgraph with all that it runs: graph, relay of its outbox, and the room's own parts. */
export function createSubgraphService<Context extends SubgraphContext>(
  options: Options<Context>,
): Service {
  const {
    name,
    config,
    log,
    metrics,
    now,
    schema,
    extend,
    live,
    sql = poolOf(name, config),
  } = options
  const verifier = createVerifier({ publicJwks: config.identityJwks, audience: name, now })
  const { heartbeatMs } = config
  const graph = createSubgraph({ schema, sql, verifier, log, now, extend, heartbeatMs })
  const running: Part[] = []
  return {
    fetch: graph.fetch,
    checks: { postgres: async () => void (await sql`select 1`) },
    start: async () => {
      await untilMigrated(sql, { service: name, number: options.migrations }, { log })
      const { url, tls, direct } = config.database
      const bus = await createEmbeddedBus({ url, tls, direct, service: name, log })
      running.push(bus, await startRelay({ sql, service: name, bus, log }))
      running.push(await watchStorage({ sql, service: name, metrics, log }))
      if (live) running.push(await live.follow(bus))
      for (const part of options.parts?.({ sql, bus }) ?? []) running.push(await part)
    },
    drain: () => live?.end(),
    stop: async () => {
      // What came last leans on what came first: the bus closes after its readers.
      for (const part of running.splice(0).reverse()) await part.stop()
      await sql.end({ timeout: 5 })
    },
  }
}
