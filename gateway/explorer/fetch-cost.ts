import {
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql'
import { numberOf, type Variables } from '#kit/cost/amount'
import { type CostPlan, costPlanOf } from '#kit/cost/plan'
import type { Weights } from '#kit/cost/weights'
import { operationIn } from '#kit/document/operation'

/** How fetches are counted. */
export type Pricing = {
  readonly weights: Weights
  /** How long a list is taken to be that nothing says the size of. */
  readonly listSize: number
  /** What an explorer may spend on one operation. */
  readonly max: number
}

/** What one fetch costs its subgraph, counted as the cost of an operation is. */
export type FetchCost = {
  /** Of the whole request, or of each entity that it is asked for. */
  readonly per: 'request' | 'entity'
  readonly estimated: number
}

/** Entities are asked for through this field. Source: Apollo Federation, subgraph specification. */
const entitiesField = '_entities'

/** Entities of several types are counted by the dearest. */
export function fetchCostOf(text: string, variables: Variables, pricing: Pricing): FetchCost {
  const parts = partsOf(text, pricing)
  const costs = parts.map(({ plan }) => numberOf(plan.estimate, variables))
  return {
    per: parts.some(({ key }) => key !== null) ? 'entity' : 'request',
    estimated: Math.max(0, ...costs),
  }
}

/** A part of a fetch, with the key of its entities; null for root fields. */
type Part = { readonly key: string | null; readonly plan: CostPlan }

/** `actual` is from `admission/cost`. */
export type Counting = Pricing & {
  readonly actualOf: (plan: CostPlan, data: unknown, variables: Variables) => number
}

type Answered = { readonly document: string; readonly data: unknown }

/** What an answer has cost; 0 for none. */
export function answerCostOf(
  { document, data }: Answered,
  variables: Variables,
  counting: Counting,
): number {
  if (!isJson(data)) return 0
  let cost = 0
  for (const { key, plan } of partsOf(document, counting)) {
    const of = key === null ? [data] : data[key]
    if (!Array.isArray(of)) continue
    for (const one of of) cost += counting.actualOf(plan, one, variables)
  }
  return cost
}

const isJson = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

function partsOf(text: string, { weights, listSize }: Pricing): Part[] {
  const document = parse(text)
  const operation = operationIn(document, null)
  const entities = operation.selectionSet.selections.filter(isEntities)
  if (entities.length === 0)
    return [{ key: null, plan: costPlanOf(weights, { document, operation }, listSize) }]
  return entities.flatMap(({ alias, name, selectionSet }) =>
    (selectionSet?.selections ?? []).flatMap((on) => {
      if (on.kind !== Kind.INLINE_FRAGMENT) return []
      const type = on.typeCondition?.name.value ?? ''
      const rooted = { ...weights, roots: { ...weights.roots, query: type } }
      const one = { document, operation: asking(operation, on.selectionSet) }
      return [{ key: (alias ?? name).value, plan: costPlanOf(rooted, one, listSize) }]
    }),
  )
}

const isEntities = (
  node: DocumentNode | OperationDefinitionNode['selectionSet']['selections'][number],
): node is FieldNode => node.kind === Kind.FIELD && node.name.value === entitiesField

/** The same operation, as if the entity were its root. */
const asking = (
  operation: OperationDefinitionNode,
  selectionSet: SelectionSetNode,
): OperationDefinitionNode => ({ ...operation, selectionSet })
