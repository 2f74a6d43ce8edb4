import { type Weights, weightsOf } from '#kit/cost/weights'
import { explorerLimits } from '#kit/document/limits'
import type { Log } from '#kit/log'
import type { Metrics } from '#kit/metrics'
import { costObserver, createCosting } from '../admission/cost/charge.ts'
import { identityOf } from '../client-sharing.ts'
import { answeredInTime } from '../deadline.ts'
import { rejectingEngine } from '../engine/authorize/reject.ts'
import { rulesOf } from '../engine/authorize/rules.ts'
import { type LoadedEngine, loadEngine } from '../engine/engines.ts'
import { forwarding } from '../engine/transport/credentials.ts'
import { transportTo } from '../engine/transport/index.ts'
import { observedBy } from '../engine/transport/observed.ts'
import type { Transport } from '../engine/transport/transport.ts'
import { exchangeOf, type RequestInfo } from '../exchange.ts'
import { createGateway, type EngineOver, type GraphDeps, provenEngine } from '../gateway.ts'
import { createLiveGraph } from '../live-graph.ts'
import { prepareRegistered } from '../operations/prepare-registered.ts'
import type { Registry } from '../operations/registry.ts'
import { createEventIds } from '../respond/event-id.ts'
import { createStreams } from '../streams.ts'
import { nextTurn } from '../turns.ts'
import { watchFile } from '../watched-file.ts'
import type { StandaloneConfig } from './config.ts'
import { preparedAtFirstSight } from './first-sight.ts'
import { graphFrom, registryAt, type ServedGraph, textOf } from './graph-file.ts'
import { portsOf } from './ports.ts'
import { httpStage, identityStage } from './stages.ts'

export type StandaloneDeps = {
  readonly config: StandaloneConfig
  readonly log: Log
  readonly metrics: Metrics
  readonly now: () => Date
}

export type StandaloneApp = {
  /** One request without a port. */
  fetch(request: Request, info: RequestInfo): Promise<Response>
  /** Opens the ports; resolves to where the gateway answers. Throws PortTakenError. */
  start(): Promise<URL>
  /** Finishes what is in flight, then closes everything that `start` opened. */
  stop(): Promise<void>
  /** Reads the supergraph again, now. */
  reload(): Promise<void>
}

/** A gateway of nothing but a supergraph. Throws GraphFileError. */
export async function createStandaloneApp(deps: StandaloneDeps): Promise<StandaloneApp> {
  const { config, log } = deps
  const sdl = await textOf(config.supergraphFile)
  const stages = await stagesOf(deps)
  const loaded = await loadEngine(config.engine, deps)
  const live = await createLiveGraph({ ...deps, sdl, build: builderOf(deps, stages, loaded) })
  const { engine } = live
  const gateway = createGateway({
    ...{ http: httpStage(deps), identity: identityStage(deps) },
    ...costingOf(deps, () => live.current().weights),
    ...{ ...stages, engine, lanes: preparedAtFirstSight({ operations: stages, engine }) },
  })
  const fetch: StandaloneApp['fetch'] = (request, info) =>
    answeredInTime(request, config.limits.deadlineMs, (signal) =>
      gateway(exchangeOf(request, info, signal)),
    )
  const ports = portsOf({
    ...deps,
    fetch,
    closing: () => stages.streams.drain(),
    checks: { engine: loaded.check },
  })
  const { supergraphFile: file, pollMs } = config
  const watched = watchFile({ file, pollMs, log, offer: live.offer })
  const stop = async () => {
    watched.stop()
    await ports.close()
  }
  return { fetch, start: ports.open, stop, reload: watched.look }
}

type Stages = Omit<GraphDeps, 'engine'> & { readonly registry: Registry }

/** What the stages three to six share, whatever graph is served. */
async function stagesOf({ config, log, metrics, now }: StandaloneDeps): Promise<Stages> {
  const limits = { ...explorerLimits, introspection: config.introspection }
  const watchSession = () => () => {}
  return {
    streams: createStreams({ limits: config.streams, watchSession, metrics, now }),
    ...{ heartbeatMs: config.streams.heartbeatMs, log, metrics },
    eventIds: createEventIds({ keys: [config.streams.key], now }),
    registry: await registryAt(config.operationsFile),
    webClientId: '',
    sharing: config.clientSharing ? { identityOf: identityOf(config.forwardHeaders) } : undefined,
    quota: async () => null,
    freeText: () => true,
    limits: { outsider: limits, explorer: limits },
  }
}

/** A supergraph becomes an engine when its rules are in force and what is registered fits it. */
function builderOf(deps: StandaloneDeps, stages: Stages, { create }: LoadedEngine) {
  const { config, log } = deps
  const transportsOf = createTransports(deps)
  return async (sdl: string) => {
    const engineOver: EngineOver = async (supergraph, transports) => {
      const guarded = { supergraph, rules: rulesOf(supergraph) }
      await nextTurn()
      const eventMs = config.limits.deadlineMs
      const engine = create({ ...guarded, transports, eventMs, errors: 'open' })
      return config.unauthorized === 'reject' ? rejectingEngine(engine, guarded) : engine
    }
    const served = graphFrom(sdl, config)
    const transports = transportsOf(served)
    const engine = await provenEngine({ ...served, transports, engineOver }, stages)
    await prepareRegistered({ operations: stages.registry.all(), engine, log })
    return { engine, weights: config.cost && weightsOf(served.supergraph.document) }
  }
}

/** Nothing where nobody counts. Who may look at the schema may read what operations cost. */
function costingOf({ config, metrics }: StandaloneDeps, weights: () => Weights | null) {
  const first = weights()
  if (!config.cost || !first) return {}
  return {
    costing: createCosting({
      weights: () => weights() ?? first,
      settings: config.cost,
      observe: costObserver(metrics),
      mayRead: () => config.introspection,
    }),
  }
}

/**
 * A subgraph that stays where it is keeps its connections, and what is known of its health, from
 * graph to graph.
 */
function createTransports({ config, log, metrics, now }: StandaloneDeps) {
  const deps = {
    ...{ credentials: forwarding(config.forwardHeaders), log, now },
    ...{ settings: config.transport, observer: observedBy(metrics) },
  }
  let known: ReadonlyMap<string, Transport> = new Map()
  return ({ urls }: ServedGraph): ReadonlyMap<string, Transport> => {
    const keyOf = (name: string, url: string) => `${name} ${url}`
    const all = [...urls].map(([name, url]) => {
      const key = keyOf(name, url)
      return { name, key, transport: known.get(key) ?? transportTo({ name, url }, deps) }
    })
    known = new Map(all.map(({ key, transport }) => [key, transport]))
    return new Map(all.map(({ name, transport }) => [name, transport]))
  }
}
