import type { DocumentNode, OperationTypeNode } from 'graphql'
import { numberOf } from '#kit/cost/amount'
import { costPlanOf } from '#kit/cost/plan'
import { operationIn } from '#kit/document/operation'
import { AppError } from '#kit/errors'
import type { Log } from '#kit/log'
import { contractOf } from '../contract.ts'
import { type Engine, type Explained, variantOf } from '../engine/engine.ts'
import type { Exchange } from '../exchange.ts'
import { paramsFrom } from '../operations/params.ts'
import { refusalOf } from '../respond/json-answer.ts'
import { failedResult, publicResult } from '../respond/public-result.ts'
import { explorerOf, noStore } from './explorer.ts'
import { type FetchCost, fetchCostOf, type Pricing } from './fetch-cost.ts'
import { lensOf } from './role.ts'

export const planPath = '/explorer/plan'

export type PlanDeps = {
  readonly engine: Pick<Engine, 'prepare'>
  /** Throws for what is too large to be looked at. */
  readonly documentOf: (text: string) => DocumentNode
  /** Undefined where nobody counts. */
  readonly pricing: (() => Pricing) | undefined
  /** The OAuth client that the platform's own pages sign in with. */
  readonly webClientId: string
  readonly log: Log
}

/** What the explorer is told of an operation before it runs. */
export type PlanAnswer = {
  readonly operation: { readonly kind: OperationTypeNode; readonly name: string | null }
  /** As whom it would run; null for the explorer themselves. */
  readonly role: string | null
  readonly withheld: readonly string[]
  /** Null where nobody counts. */
  readonly cost: {
    readonly estimated: number
    readonly max: number
    readonly faults: readonly string[]
  } | null
  readonly denied: readonly string[]
  /** Null from an engine that makes no plan. */
  readonly fetches:
    | readonly (Explained['fetches'][number] & {
        readonly cost: FetchCost | null
      })[]
    | null
}

/** POST with a GraphQL request as its body: nothing of it runs. Throws FORBIDDEN for all but explorers. */
export const answerPlan =
  (deps: PlanDeps) =>
  async (exchange: Exchange): Promise<Response> => {
    explorerOf(exchange)
    if (exchange.request.method !== 'POST') {
      exchange.responseHeaders.set('allow', 'POST')
      throw new AppError('METHOD_NOT_ALLOWED', 'This address answers POST.')
    }
    try {
      const plan: PlanAnswer = await planOf(deps, exchange)
      return Response.json(plan, { headers: noStore })
    } catch (error) {
      const refusal = refusalOf(publicResult(failedResult(error), exchange, deps.log))
      refusal.headers.set('cache-control', noStore['cache-control'])
      return refusal
    }
  }

async function planOf(deps: PlanDeps, exchange: Exchange): Promise<PlanAnswer> {
  const params = await paramsFrom(exchange)
  const { query } = params
  if (!query) throw new AppError('BAD_REQUEST', 'Send "query".')
  const variables = params.variables ?? {}
  const name = params.operationName || null
  const lens = lensOf(exchange)
  const document = deps.documentOf(query)
  const operation = operationIn(document, name)
  const contract = contractOf(exchange, deps.webClientId)
  const variant = variantOf(lens ? lens.viewer : exchange.viewer, contract)
  const prepared = await deps.engine.prepare(query, name, variant)
  const explained = await prepared.explain?.({ variables, exchange })
  if (explained && !('fetches' in explained))
    throw new AggregateError(explained.errors ?? [], 'The variables do not fit.')
  const pricing = deps.pricing?.() ?? null
  return {
    operation: { kind: operation.operation, name: operation.name?.value ?? null },
    ...{ role: lens?.role ?? null, withheld: lens?.withheld ?? [] },
    cost: pricing && costOf({ document, operation }, variables, pricing),
    denied: explained?.denied ?? [],
    fetches:
      explained?.fetches.map((fetch) => ({
        ...fetch,
        cost: pricing && fetchCostOf(fetch.document, variables, pricing),
      })) ?? null,
  }
}

function costOf(
  costed: Parameters<typeof costPlanOf>[1],
  variables: Parameters<typeof fetchCostOf>[1],
  { weights, listSize, max }: Pricing,
): PlanAnswer['cost'] {
  const { estimate, faults } = costPlanOf(weights, costed, listSize)
  // What cannot be counted is more than JSON has a number for.
  const estimated = Math.min(numberOf(estimate, variables), Number.MAX_SAFE_INTEGER)
  return { estimated, max, faults }
}
