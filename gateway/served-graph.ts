import { readFile } from 'node:fs/promises'
import { weightsOf } from '#kit/cost/weights'
import { costObserver, createCosting } from './admission/cost/charge.ts'
import type { GatewayAppDeps } from './app-deps.ts'
import type { Config } from './config.ts'
import { engineByContract } from './contract-engine.ts'
import { contractsOf } from './contract-graph.ts'
import { rejectingEngine } from './engine/authorize/reject.ts'
import { rulesOf } from './engine/authorize/rules.ts'
import type { LoadedEngine } from './engine/engines.ts'
import { supergraphFrom } from './engine/supergraph/index.ts'
import { viewOf } from './engine/view.ts'
import { type EngineOver, type GraphDeps, provenEngine } from './gateway.ts'
import type { GraphView } from './graph-view.ts'
import { createLiveGraph } from './live-graph.ts'
import type { Published } from './published.ts'
import { transportsOf } from './subgraph-ways.ts'
import { nextTurn } from './turns.ts'

type Over = { readonly published: Published; readonly graph: Omit<GraphDeps, 'engine'> }

/** The graph that is served, and every better one that its file comes to hold. */
export async function liveGraphOf(
  deps: GatewayAppDeps,
  { published, graph }: Over,
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
    await published.require({ sdl, engine, contracts })
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
export function costingOf(
  { config, metrics }: GatewayAppDeps,
  weights: () => ReturnType<typeof weightsOf>,
) {
  if (!config.cost) return {}
  return {
    costing: createCosting({ weights, settings: config.cost, observe: costObserver(metrics) }),
  }
}

/** What the explorer counts by; undefined where nobody counts. */
export const pricingOf = (cost: Config['cost'], weights: () => ReturnType<typeof weightsOf>) =>
  cost ? () => ({ weights: weights(), listSize: cost.listSize, max: cost.max.explorer }) : undefined

export type ServedGraph = Awaited<ReturnType<typeof liveGraphOf>>
