import { numberOf, type Variables } from '#kit/cost/amount'
import type { CostField, CostNode, CostPlan, CostVariant } from '#kit/cost/plan'

type Json = Readonly<Record<string, unknown>>

/**
 * What an answer has cost: the weights of the estimate, and lists as long as they are. An object of
 * an abstract type that does not tell its own counts as the dearest that it may be.
 */
export const actualCostOf = ({ root }: CostPlan, data: unknown, variables: Variables): number =>
  isJson(data) ? costOfObject(root, data, { weight: null, variables }) : 0

type Position = { readonly weight: number | null; readonly variables: Variables }

function costOfObject({ variants }: CostNode, object: Json, position: Position): number {
  const [only] = variants
  if (only && variants.length === 1) return costAs(only, object, position)
  const name = Object.hasOwn(object, '__typename') ? object.__typename : undefined
  const own = typeof name === 'string' ? variants.find(({ types }) => types.has(name)) : undefined
  if (own) return costAs(own, object, position)
  return variants.reduce((most, one) => Math.max(most, costAs(one, object, position)), 0)
}

function costAs({ weight, fields }: CostVariant, object: Json, position: Position): number {
  let cost = position.weight ?? weight
  for (const field of fields) {
    if (!Object.hasOwn(object, field.key)) continue
    cost += numberOf(field.args, position.variables)
    cost += costOfValue(field, object[field.key], position.variables)
  }
  return cost
}

function costOfValue(field: CostField, value: unknown, variables: Variables): number {
  if (Array.isArray(value)) {
    let cost = 0
    for (const item of value) cost += costOfValue(field, item, variables)
    return cost
  }
  if (value === null || value === undefined) return 0
  const { below, weight } = field
  if (!below) return weight ?? 0
  return isJson(value) ? costOfObject(below, value, { weight, variables }) : 0
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null
