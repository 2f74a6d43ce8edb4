import { readFile } from 'node:fs/promises'
import { weightsOf } from '#kit/cost/weights'
import { explorerLimits, outsiderLimits } from '#kit/document/limits'
import { connect } from '#kit/postgres'
import { untilReachable } from '#kit/reachable'
import { bucketsOf } from './admission/buckets.ts'
import { costObserver, createCosting } from './admission/cost/charge.ts'
import { createQuota } from './admission/quota.ts'
import type { GatewayApp, GatewayAppDeps } from './app-deps.ts'
import { identityOf } from './client-sharing.ts'
import type { Config } from './config.ts'
import { engineByContract } from './contract-engine.ts'
import { contractFace } from './contract-face.ts'
import { contractsOf } from './contract-graph.ts'
import { answeredInTime } from './deadline.ts'
import { createEdge } from './edge.ts'
import { rejectingEngine } from './engine/authorize/reject.ts'
import { rulesOf } from './engine/authorize/rules.ts'
import { type LoadedEngine, loadEngine } from './engine/engines.ts'
import { supergraphFrom } from './engine/supergraph/index.ts'
import { viewOf } from './engine/view.ts'
import { exchangeOf } from './exchange.ts'
import { explorerFace } from './explorer/face.ts'
import { createGateway, type EngineOver, type GraphDeps, provenEngine } from './gateway.ts'
import type { GraphView } from './graph-view.ts'
import { idempotentOver } from './idempotent.ts'
import { keptBy } from './kept/wired.ts'
import { createLiveGraph } from './live-graph.ts'
import { canonicalFace } from './operations/canonical.ts'
import { facesOf } from './operations/faces.ts'
import { mcpFace } from './operations/mcp/face.ts'
import { createRest } from './operations/rest/face.ts'
import { siteOf } from './operations/rest/openapi/document.ts'
import { freeTextFor } from './operations/select.ts'
import { knownVersions } from './operations/versions.ts'
import { portsOf, readinessOf } from './ports.ts'
import { createPublished, type Published } from './published.ts'
import { connectRedis } from './redis.ts'
import { createEventIds } from './respond/event-id.ts'
import { createStreams } from './streams.ts'
import { neighboursOf, transportsOf } from './subgraph-ways.ts'
import { nextTurn } from './turns.ts'
import { usesIn } from './usage/queries.ts'
import { createUsage } from './usage/usage.ts'
import { watchFile } from './watched-file.ts'

/**
 * The whole gateway. Rejects when the graph or its operations cannot be used, or a rule is not in
 * force.
 */
export async function createGatewayApp(deps: GatewayAppDeps): Promise<GatewayApp> {
  const { config } = deps
  const sql = connect({ ...config.database, service: 'gateway' })
  const published = await createPublished({
    ...{ ...deps, file: config.operationsFile, sql, served: () => live.current() },
  })
  const { registry: operations, taught } = published
  const edge = createEdge({ ...deps, sql, neighbours: neighboursOf(deps), registry: operations })
  const streams = createStreams({
    ...{ limits: config.streams, watchSession: edge.watchSession },
    watchProgram: edge.watchProgram,
    ...{ metrics: deps.metrics, now: deps.now },
  })
  const webClientId = config.provider.clientId
  const redis = config.redisUrl ? connectRedis({ ...deps, url: config.redisUrl }) : null
  const usage = createUsage({ ...deps, add: usesIn(sql), webClientId })
  const graph = {
    ...{ streams, heartbeatMs: config.streams.heartbeatMs },
    eventIds: createEventIds({ keys: config.session.keys.map(({ key }) => key), now: deps.now }),
    ...{ registry: operations, taught, webClientId },
    quota: createQuota({ ...deps, buckets: bucketsOf({ sql, redis }), webClientId, limits: config.quota }),
    freeText: freeTextFor({ fromLocalhost: config.exploreFromLocalhost }),
    limits: { outsider: outsiderLimits, explorer: explorerLimits },
    ...{ log: deps.log, metrics: deps.metrics, ran: usage.seen },
  }
  const loaded = await loadEngine(config.engine, deps)
  const live = await liveGraphOf(deps, { ...graph, published }, loaded)
  const costing = costingOf(deps, () => live.current().weights())
  const sharing = config.clientSharing ? { identityOf: identityOf() } : undefined
  const pricing = pricingOf(config.cost, () => live.current().weights())
  const explorer = explorerFace({ ...deps, sql, engine: live.engine, pricing, webClientId })
  const schemas = contractFace({ contracts: () => live.current().contracts, webClientId })
  const rest = createRest({
    ...{ ...deps, registry: operations, webClientId, site: siteOf(config) },
    view: () => live.current().view(),
    schemaOf: (contract) => live.current().contracts.schemaOf(contract),
  })
  const mcp = mcpFace({
    ...{ ...deps, registry: operations, webClientId, view: () => live.current().view() },
    productName: config.web.productName,
  })
  const faces = knownVersions(
    { registry: operations, webClientId },
    facesOf([schemas, explorer, rest, mcp, canonicalFace]),
  )
  const kept = keptBy({
    ...deps,
    registry: operations,
    redis,
    served: live.current,
    ran: usage.seen,
    quota: graph.quota,
  })
  const front = kept && { kept, front: kept.front }
  const idempotent = idempotentOver({
    ...{ ...deps, sql, keys: config.session.keys, operations: graph, quota: graph.quota },
    ...{ schema: () => live.current().view().schema, deadlineMs: config.limits.deadlineMs },
  })
  const entry = { idempotent, http: edge.http, identity: edge.identity, faces, ...front }
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
    await Promise.all([published.stop(), edge.stop(), usage.stop(), kept?.stop()])
    redis?.close()
    await sql.end({ timeout: 5 })
  }
  return {
    fetch,
    start: async () => {
      try {
        await untilReachable(sql, deps.log)
        await edge.start()
        await published.start()
        await kept?.start()
        usage.start()
        await ports.open()
      } catch (error) {
        // Nothing stays open behind a taken port.
        await stop()
        throw error
      }
    },
    stop,
    reload: async () => {
      await Promise.all([published.reload(), edge.reloadWeb()])
      await watched.look()
    },
  }
}

/** The graph that is served, and every better one that its file comes to hold. */
async function liveGraphOf(
  deps: GatewayAppDeps,
  { published, ...graph }: Omit<GraphDeps, 'engine'> & { readonly published: Published },
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
    const contracts = contractsOf(supergraph)
    const whole = await provenEngine({ supergraph, transports, engineOver }, graph)
    const engine = engineByContract(whole, (contract) =>
      engineOver(contracts.narrowed(contract), transports),
    )
    await published.require({ engine, contracts })
    let weights: ReturnType<typeof weightsOf> | undefined
    let view: GraphView | undefined
    return {
      view: () => {
        view ??= viewOf({ supergraph, rules: rulesOf(supergraph) })
        return view
      },
      ...{ engine, contracts },
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
