import { readFile } from 'node:fs/promises'
import { weightsOf } from '#kit/cost/weights'
import { explorerLimits, outsiderLimits } from '#kit/document/limits'
import type { Checks } from '#kit/health'
import { createMinter } from '#kit/identity-token'
import type { Log } from '#kit/log'
import { type Metrics, serveMetrics } from '#kit/metrics'
import { connect, type Pool } from '#kit/postgres'
import { untilReachable } from '#kit/reachable'
import { serve } from '#kit/serve'
import { bucketsIn } from './admission/bucket.postgres.ts'
import { costObserver, createCosting } from './admission/cost/charge.ts'
import { createQuota } from './admission/quota.ts'
import { identityOf } from './client-sharing.ts'
import type { Config } from './config.ts'
import { answeredInTime } from './deadline.ts'
import { createEdge } from './edge.ts'
import { rejectingEngine } from './engine/authorize/reject.ts'
import { rulesOf } from './engine/authorize/rules.ts'
import { type LoadedEngine, loadEngine } from './engine/engines.ts'
import { supergraphFrom } from './engine/supergraph/index.ts'
import { mintedBy } from './engine/transport/credentials.ts'
import { transportTo } from './engine/transport/index.ts'
import { observedBy } from './engine/transport/observed.ts'
import type { Transport } from './engine/transport/transport.ts'
import { exchangeOf, type RequestInfo } from './exchange.ts'
import { explorerFace } from './explorer/face.ts'
import { createGateway, type EngineOver, type GraphDeps, provenEngine } from './gateway.ts'
import { type Neighbour, neighbourAt } from './http/forward.ts'
import { createLiveGraph } from './live-graph.ts'
import { facesOf } from './operations/faces.ts'
import { prepareRegistered } from './operations/prepare-registered.ts'
import { type Registry, registryFrom } from './operations/registry.ts'
import { freeTextFor } from './operations/select.ts'
import { createStreams } from './streams.ts'
import { nextTurn } from './turns.ts'
import { watchFile } from './watched-file.ts'

export type GatewayAppDeps = {
  readonly config: Config
  readonly log: Log
  readonly metrics: Metrics
  readonly now: () => Date
  /** Subgraphs that run in this process, by name; the others are asked over the network. */
  readonly rooms?: ReadonlyMap<string, Room>
  /** The variable that moves the private port, where it is not GATEWAY_METRICS_PORT. */
  readonly metricsPortSetting?: string
}

type Room = { fetch(request: Request): Promise<Response> }

export type GatewayApp = {
  /** One request without a port. */
  fetch(request: Request, info: RequestInfo): Promise<Response>
  /** Opens both ports. Throws PortTakenError. */
  start(): Promise<void>
  /** Finishes what is in flight, then closes everything that `start` opened. */
  stop(): Promise<void>
  /** Reads the registered operations, the web client and the supergraph again, after a build. */
  reload(): Promise<void>
}

/**
 * The whole gateway. Rejects when the graph or its operations cannot be used, or a rule is not in
 * force.
 */
export async function createGatewayApp(deps: GatewayAppDeps): Promise<GatewayApp> {
  const { config } = deps
  const operations = await registryAt(config.operationsFile)
  const sql = connect({ ...config.database, service: 'gateway' })
  const edge = createEdge({ ...deps, sql, neighbours: neighboursOf(deps), registry: operations })
  const streams = createStreams({
    ...{ limits: config.streams, watchSession: edge.watchSession },
    ...{ metrics: deps.metrics, now: deps.now },
  })
  const webClientId = config.provider.clientId
  const graph = {
    ...{ streams, heartbeatMs: config.streams.heartbeatMs },
    ...{ registry: operations, webClientId },
    quota: createQuota({ ...deps, buckets: bucketsIn(sql), webClientId, limits: config.quota }),
    freeText: freeTextFor({ fromLocalhost: config.exploreFromLocalhost }),
    limits: { outsider: outsiderLimits, explorer: explorerLimits },
    ...{ log: deps.log, metrics: deps.metrics },
  }
  const loaded = await loadEngine(config.engine, deps)
  const live = await liveGraphOf(deps, { ...graph, registry: operations }, loaded)
  const costing = costingOf(deps, () => live.current().weights())
  const sharing = config.clientSharing ? { identityOf: identityOf() } : undefined
  const pricing = pricingOf(config.cost, () => live.current().weights())
  const explorer = explorerFace({ ...deps, sql, engine: live.engine, pricing })
  const entry = { http: edge.http, identity: edge.identity, faces: facesOf([explorer]) }
  const stages = { ...entry, engine: live.engine, sharing, pricing, ...costing }
  const gateway = createGateway({ ...stages, ...graph })
  const fetch: GatewayApp['fetch'] = (request, info) =>
    answeredInTime(request, config.limits.deadlineMs, (signal) =>
      gateway(exchangeOf(request, info, signal)),
    )
  const checks = { ...readinessOf(sql), engine: loaded.check }
  const ports = portsOf(deps, fetch, checks)
  const { supergraphFile: file, pollMs } = config
  const watched = watchFile({ file, pollMs, log: deps.log, offer: live.offer })
  const stop = async () => {
    watched.stop()
    const closed = ports.close()
    // Until the port closes a stream is better off here than with whoever starts in our place.
    await Bun.sleep(config.noticeMs)
    streams.drain()
    await closed
    await edge.stop()
    await sql.end({ timeout: 5 })
  }
  return {
    fetch,
    start: async () => {
      try {
        await untilReachable(sql, deps.log)
        await edge.start()
        await ports.open()
      } catch (error) {
        // Nothing stays open behind a taken port.
        await stop()
        throw error
      }
    },
    stop,
    reload: async () => {
      await Promise.all([operations.reload(), edge.reloadWeb()])
      await watched.look()
    },
  }
}

/** The graph that is served, and every better one that its file comes to hold. */
async function liveGraphOf(
  deps: GatewayAppDeps,
  graph: Omit<GraphDeps, 'engine'>,
  loaded: LoadedEngine,
) {
  const { config, log, metrics } = deps
  const transports = transportsOf(deps)
  const engineOver: EngineOver = async (supergraph, transports) => {
    const guarded = { supergraph, rules: rulesOf(supergraph) }
    await nextTurn()
    const eventMs = config.limits.deadlineMs
    const engine = loaded.create({ ...guarded, transports, eventMs })
    return config.unauthorized === 'reject' ? rejectingEngine(engine, guarded) : engine
  }
  const build = async (sdl: string) => {
    const supergraph = supergraphFrom(sdl)
    const engine = await provenEngine({ supergraph, transports, engineOver }, graph)
    await prepareRegistered({ operations: graph.registry.all(), engine, log })
    let weights: ReturnType<typeof weightsOf> | undefined
    return {
      engine,
      weights: () => {
        weights ??= weightsOf(supergraph.document)
        return weights
      },
    }
  }
  const sdl = await readFile(config.supergraphFile, 'utf8')
  return createLiveGraph({ sdl, build, log, metrics })
}

/** Nothing where nobody counts. */
function costingOf(
  { config, metrics }: GatewayAppDeps,
  weights: () => ReturnType<typeof weightsOf>,
) {
  if (!config.cost) return {}
  return {
    costing: createCosting({ weights, settings: config.cost, observe: costObserver(metrics) }),
  }
}

/** What the explorer counts by; undefined where nobody counts. */
const pricingOf = (cost: Config['cost'], weights: () => ReturnType<typeof weightsOf>) =>
  cost ? () => ({ weights: weights(), listSize: cost.listSize, max: cost.max.explorer }) : undefined

/** The public port, and the private one that only Prometheus reaches. */
function portsOf(deps: GatewayAppDeps, fetch: GatewayApp['fetch'], checks: Checks) {
  const { config, log, metrics, metricsPortSetting = 'GATEWAY_METRICS_PORT' } = deps
  const { hostname, limits, trustedProxies, noticeMs } = config
  const opened: { stop(): Promise<void> }[] = []
  const shared = { hostname, metrics }
  return {
    open: async () => {
      const scrape = { port: config.metricsPort, portSetting: metricsPortSetting }
      opened.push(serveMetrics({ ...shared, ...scrape }))
      const server = await serve({
        ...{ ...shared, service: 'gateway', log, fetch, trustedProxies, noticeMs },
        ...{ port: config.port, portSetting: 'GATEWAY_PORT' },
        bodyBytesMax: limits.transferBytesMax,
        idleTimeoutSeconds: idleSeconds(limits.deadlineMs, config.streams.heartbeatMs),
        checks,
      })
      opened.push(server)
    },
    close: async () => {
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
const readinessOf = (sql: Pool) => ({
  database: async () => {
    await sql`select 1`
  },
})

async function registryAt(file: string): Promise<Registry & { reload(): Promise<void> }> {
  const read = async () => registryFrom(await readFile(file, 'utf8'))
  let current = await read()
  return {
    byHash: (hash, clients) => current.byHash(hash, clients),
    byName: (name, clients) => current.byName(name, clients),
    all: () => current.all(),
    reload: async () => {
      current = await read()
    },
  }
}

const neighboursOf = ({ config, rooms }: GatewayAppDeps): Map<string, Neighbour> =>
  new Map(
    config.subgraphs.map(({ name, url }) => {
      const room = rooms?.get(name)
      return [name, room ? (request) => room.fetch(request) : neighbourAt(url)]
    }),
  )

function transportsOf({ config, rooms, log, metrics, now }: GatewayAppDeps) {
  const minter = createMinter({ privateJwk: config.identityPrivateJwk, now })
  const deps = {
    ...{ credentials: mintedBy(minter), log, now },
    ...{ settings: config.transport, observer: observedBy(metrics) },
  }
  return new Map<string, Transport>(
    config.subgraphs.map(({ name, url }) => {
      const room = rooms?.get(name)
      const way = room ? { fetch: (request: Request) => room.fetch(request) } : { url }
      return [name, transportTo({ name, ...way }, deps)]
    }),
  )
}
