import { type Admission, type AdmissionDeps, createAdmission } from './admission/admit.ts'
import { actualCostOf } from './admission/cost/actual.ts'
import type { Costing } from './admission/cost/charge.ts'
import { charged } from './admission/cost/charged.ts'
import { useAdmission } from './admission/plugin.ts'
import { type ClientSharing, sharedAmongClients } from './client-sharing.ts'
import { type Answering, createAnswering, type EngineDeps } from './engine/answer.ts'
import type { Engine } from './engine/engine.ts'
import { useEngine } from './engine/plugin.ts'
import { selfTest } from './engine/self-test/index.ts'
import type { Supergraph } from './engine/supergraph/index.ts'
import type { Transport } from './engine/transport/transport.ts'
import { type Exchange, inOrder, type Stage } from './exchange.ts'
import { explored } from './explorer/explored.ts'
import type { Pricing } from './explorer/fetch-cost.ts'
import { fastLane } from './fast-lane.ts'
import { graph } from './graph.ts'
import type { Kept } from './kept/kept.ts'
import type { OperationsDeps } from './operations/choose.ts'
import { useOperations } from './operations/plugin.ts'
import { type RespondDeps, useRespond } from './respond/plugin.ts'
import { nextTurn } from './turns.ts'

export type GatewayDeps = GraphDeps & {
  readonly http: Stage
  readonly identity: Stage
  /** Answers that are kept whole; without it every request goes on. */
  readonly front?: Stage
  /** Registered operations at addresses of their own; GraphQL alone where it is left out. */
  readonly faces?: Stage
  /** Mutations that come with a key; without it a key means nothing. */
  readonly idempotent?: Stage
}

export type GraphDeps = OperationsDeps &
  AdmissionDeps &
  EngineDeps &
  RespondDeps &
  Seams & {
    /** What operations cost, and may cost; without it nobody counts. */
    readonly costing?: Costing
    /** How an explorer is told what single fetches cost. */
    readonly pricing?: (() => Pricing) | undefined
    /** Gives answers as they were kept; without it each is made anew. */
    readonly kept?: Pick<Kept, 'answering'> | undefined
    /** Whether equal queries of one caller in flight are one; without it each is run. */
    readonly sharing?: ClientSharing | undefined
  }

type Seams = {
  /** By which lane a request goes: the fast one, where that answers, unless a test says more. */
  readonly lanes?: (lanes: Lanes) => Stage
}

/** Two ways through the stages three to six: the answer is the same. */
export type Lanes = {
  readonly fast: Stage
  readonly open: Stage
  readonly admission: Admission
}

/** The whole gateway. The stages run in the order in which they are written here. */
export const createGateway = (deps: GatewayDeps): ((exchange: Exchange) => Promise<Response>) =>
  inOrder([
    deps.http, // 1 what came in
    deps.identity, // 2 who asks
    deps.front ?? pass,
    deps.faces ?? pass, // 3 for whoever does not speak GraphQL
    deps.idempotent ?? pass,
    createGraph(deps), // 3 to 6
  ])

/**
 * Stages three to six: by `fast-lane.ts` for an operation that is known, inside graphql-yoga for
 * everything else.
 */
export function createGraph(deps: GraphDeps): Stage {
  const admission = createAdmission(deps)
  const shared = sharedAmongClients(createAnswering(deps), deps.sharing)
  const own = deps.kept ? deps.kept.answering(shared) : shared
  const { costing, quota } = deps
  const counting = () => deps.pricing && { ...deps.pricing(), actualOf: actualCostOf }
  const seen = explored(own, { ...admission, counting })
  const answering = charged(seen, { costing, quota, documentOf: admission.documentOf })
  const fast = fastLane({ operations: deps, admission, answering, log: deps.log })
  const open = openLane(deps, admission, answering)
  const { lanes = fastThenOpen } = deps
  return lanes({ fast, open, admission })
}

const pass: Stage = (_, next) => next()

const openLane = (deps: GraphDeps, admission: Admission, answering: Answering): Stage =>
  graph([
    useOperations(deps), // 3 which document, and may they run it
    useAdmission(admission), // 4 can we afford it
    useEngine(answering), // 5 the answer
    useRespond(deps), // 6 how it leaves
  ])

const fastThenOpen =
  ({ fast, open }: Lanes): Stage =>
  (exchange, next) =>
    fast(exchange, () => open(exchange, next))

export type EngineOver = (
  supergraph: Supergraph,
  transports: ReadonlyMap<string, Transport>,
) => Engine | Promise<Engine>

type EngineSource = {
  readonly supergraph: Supergraph
  readonly transports: ReadonlyMap<string, Transport>
  readonly engineOver: EngineOver
}

/**
 * An engine that has proven, in the very stages that will use it, that every rule is in force.
 * Requests to the one that it is to replace are answered meanwhile.
 */
export async function provenEngine(
  { supergraph, transports, engineOver }: EngineSource,
  deps: Omit<GraphDeps, 'engine' | 'metrics'>,
): Promise<Engine> {
  await nextTurn()
  await selfTest({
    supergraph,
    graphOver: async (...probed) =>
      createGraph({
        ...{ ...deps, freeText: () => true, engine: await engineOver(...probed) },
        // No client asked for these.
        metrics: { operation: () => {} },
      }),
  })
  await nextTurn()
  return engineOver(supergraph, transports)
}
