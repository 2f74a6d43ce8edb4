import { type AdmissionDeps, useAdmission } from './admission/plugin.ts'
import type { Engine } from './engine/engine.ts'
import { type EngineDeps, useEngine } from './engine/plugin.ts'
import { selfTest } from './engine/self-test/index.ts'
import type { Supergraph } from './engine/supergraph.ts'
import type { Transport } from './engine/transport/transport.ts'
import { type Exchange, inOrder, type Stage } from './exchange.ts'
import { graph } from './graph.ts'
import { type OperationsDeps, useOperations } from './operations/plugin.ts'
import { type RespondDeps, useRespond } from './respond/plugin.ts'

export type GatewayDeps = GraphDeps & {
  readonly http: Stage
  readonly identity: Stage
}

export type GraphDeps = OperationsDeps & AdmissionDeps & EngineDeps & RespondDeps

/** The whole gateway. The stages run in the order in which they are written here. */
export const createGateway = (deps: GatewayDeps): ((exchange: Exchange) => Promise<Response>) =>
  inOrder([
    deps.http, // 1 what came in
    deps.identity, // 2 who asks
    createGraph(deps), // 3 to 6
  ])

/** Stages three to six, inside graphql-yoga. */
export const createGraph = (deps: GraphDeps): Stage =>
  graph([
    useOperations(deps), // 3 which document, and may they run it
    useAdmission(deps), // 4 can we afford it
    useEngine(deps), // 5 the answer
    useRespond(deps), // 6 how it leaves
  ])

export type EngineOver = (
  supergraph: Supergraph,
  transports: ReadonlyMap<string, Transport>,
) => Engine

type EngineSource = {
  readonly supergraph: Supergraph
  readonly transports: ReadonlyMap<string, Transport>
  readonly engineOver: EngineOver
}

/** An engine that has proven, in the very stages that will use it, that every rule is in force. */
export async function provenEngine(
  { supergraph, transports, engineOver }: EngineSource,
  deps: Omit<GraphDeps, 'engine' | 'metrics'>,
): Promise<Engine> {
  await selfTest({
    supergraph,
    graphOver: (...probed) =>
      createGraph({
        ...{ ...deps, freeText: () => true, engine: engineOver(...probed) },
        // No client asked for these.
        metrics: { operation: () => {} },
      }),
  })
  return engineOver(supergraph, transports)
}
