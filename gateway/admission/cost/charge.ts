import type { DocumentNode, ExecutionResult } from 'graphql'
import { numberOf, type Variables } from '#kit/cost/amount'
import { type CostPlan, costPlanOf } from '#kit/cost/plan'
import type { CostSettings } from '#kit/cost/settings'
import type { Weights } from '#kit/cost/weights'
import { operationIn } from '#kit/document/operation'
import { AppError } from '#kit/errors'
import type { Metrics } from '#kit/metrics'
import type { Exchange } from '../../exchange.ts'
import { isExplorer } from '../../graph.ts'
import { createRecent } from '../../recent.ts'
import { actualCostOf } from './actual.ts'

type Observe = (kind: 'estimated' | 'actual', operation: string, cost: number) => void

export type CostingDeps = {
  /** Those of the graph that is served now. */
  readonly weights: () => Weights
  readonly settings: CostSettings
  readonly observe: Observe
  /** Who may read what their operations cost; explorers where nothing else is said. */
  readonly mayRead?: (exchange: Exchange) => boolean
}

export type Call = {
  readonly text: string
  readonly operationName: string | null
  readonly variables: Variables | null
  readonly exchange: Exchange
}

export type Bill = {
  readonly estimated: number
  /**
   * The result, with what it has cost for an explorer who asks for it; `exchange.cost` says it to
   * every stage.
   */
  settle(result: ExecutionResult): ExecutionResult
}

export type Costing = {
  /**
   * Throws AppError DOCUMENT_TOO_COMPLEX for an operation that costs more than its sender may
   * spend, and BAD_USER_INPUT for variables that nobody should read.
   */
  charge(call: Call, documentOf: (text: string, exchange: Exchange) => DocumentNode): Bill
}

const plansMax = 1_000
const plansBytesMax = 32 * 1_048_576
/** What a plan takes for each character of its operation, with its text, measured. */
const bytesPerCharacter = 40

/** Nobody may spend so much, and the sum of all estimates has to stay a number that tells something. */
const estimateMax = 1e9

const buckets = [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000]

/** One of each registry: instances of a gateway that follow each other share it. */
export function costObserver(metrics: Pick<Metrics, 'histogram'>): Observe {
  const seen = metrics.histogram({
    name: 'graphql_operation_cost',
    help: 'What an operation costs: as estimated before it runs, and as its answer turned out.',
    labels: ['operation', 'kind'],
    buckets,
  })
  return (kind, operation, cost) => seen(cost, { operation, kind })
}

/** Header by which an explorer asks what an operation costs. */
const askedBy = 'x-plexus-cost'

export function createCosting(deps: CostingDeps): Costing {
  const { settings, observe, mayRead = isExplorer } = deps
  const plans = plansOf(deps)
  return {
    charge: (call, documentOf) => {
      const { exchange } = call
      const variables = call.variables ?? none
      requireShallow(variables)
      const plan = plans(call, documentOf)
      const name = exchange.registered?.name ?? 'free-text'
      const estimated = Math.min(numberOf(plan.estimate, variables), estimateMax)
      const max = exchange.allowance?.costMax ?? settings.max[senderOf(exchange)]
      observe('estimated', name, estimated)
      exchange.cost = { estimated, actual: null }
      if (settings.mode === 'enforce') requireAffordable(plan, estimated, max)
      return {
        estimated,
        settle: (result) => {
          const actual = actualCostOf(plan, result.data, variables)
          exchange.cost = { estimated, actual }
          observe('actual', name, actual)
          if (exchange.request.headers.get(askedBy) !== 'true' || !mayRead(exchange)) return result
          return {
            ...result,
            extensions: { ...result.extensions, cost: { estimated, actual, max } },
          }
        },
      }
    },
  }
}

const emptyPlans = () =>
  createRecent<string, CostPlan>(plansMax, {
    bytesMax: plansBytesMax,
    bytesOf: (_, key) => key.length * bytesPerCharacter,
  })

/** The plan of each document, made once for each graph. */
function plansOf({ weights, settings }: CostingDeps) {
  let of = weights()
  let plans = emptyPlans()
  return (
    { text, operationName, exchange }: Call,
    documentOf: (text: string, exchange: Exchange) => DocumentNode,
  ): CostPlan => {
    const now = weights()
    if (now !== of) {
      of = now
      plans = emptyPlans()
    }
    // The length tells where the name ends, so no two pairs share a key.
    return plans.of(`${operationName?.length ?? -1} ${operationName}${text}`, () => {
      const document = documentOf(text, exchange)
      const operation = operationIn(document, operationName)
      return costPlanOf(now, { document, operation }, settings.listSize)
    })
  }
}

const none: Variables = {}

const senderOf = (exchange: Exchange): keyof CostSettings['max'] => {
  if (isExplorer(exchange)) return 'explorer'
  return exchange.credential === 'bearer' ? 'partner' : 'outsider'
}

function requireAffordable({ faults }: CostPlan, estimated: number, max: number): void {
  const [fault] = faults
  if (fault !== undefined) throw new AppError('BAD_USER_INPUT', `${fault}.`)
  if (estimated <= max) return
  throw new AppError(
    'DOCUMENT_TOO_COMPLEX',
    `The operation costs ${Math.ceil(estimated)}, and may cost ${max}. ` +
      'Ask for shorter lists, for fewer fields of objects, or for parts of it one after the other.',
  )
}

const variableDepthMax = 50

/** Throws for values so deep that whoever reads them runs out of stack. */
export function requireShallow(value: unknown, depth = variableDepthMax): void {
  if (typeof value !== 'object' || value === null) return
  if (depth < 0)
    throw new AppError(
      'BAD_USER_INPUT',
      `Variables hold at most ${variableDepthMax} levels of lists and objects.`,
    )
  for (const inner of Object.values(value)) requireShallow(inner, depth - 1)
}
