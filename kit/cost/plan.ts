import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql'
import { fragmentsIn } from '../document/operation.ts'
import { type Amount, largestOf, productOf, sumOf } from './amount.ts'
import { collect, conditionsIn, type Entry } from './collect.ts'
import { numbering } from './numbering.ts'
import { sizeOf } from './size.ts'
import { argumentCost, type Defaults, defaultsOf } from './values.ts'
import type { FieldWeight, Weights } from './weights.ts'

/** A field that costs something, or below which something does. */
export type CostField = {
  readonly key: string
  readonly args: Amount
  /** Of the field; null where the object that it returns says what it weighs. */
  readonly weight: number | null
  readonly below: CostNode | null
  readonly estimate: Amount
}

/** What is asked of an object of some types, all of which are asked for the same. */
export type CostVariant = {
  readonly types: ReadonlySet<string>
  readonly weight: number
  readonly fields: readonly CostField[]
}

export type CostNode = { readonly variants: readonly CostVariant[] }

export type CostPlan = {
  readonly root: CostNode
  readonly estimate: Amount
  /** What is wrong with the operation's slicing arguments, whatever the variables. */
  readonly faults: readonly string[]
}

export type Costed = {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
}

/** Past this nobody tells any more what it costs: it counts as more than anybody may spend. */
const visitsMax = 50_000

/**
 * What an operation costs, worked out as far as that goes without its variables. `listSize` is how
 * long a list is taken to be that nothing says the size of. Fields that the graph does not have
 * cost nothing: validation refuses them.
 */
export function costPlanOf(
  weights: Weights,
  { document, operation }: Costed,
  listSize: number,
): CostPlan {
  const planner: Planner = {
    ...{ weights, listSize },
    fragments: fragmentsIn(document),
    defaults: defaultsOf(operation),
    faults: new Set(),
    known: new Map(),
    idOf: numbering<object>(),
    visits: 0,
  }
  const type = weights.roots[operation.operation] ?? ''
  const root = nodeOf(planner, [operation.selectionSet], { type, sized: new Map() })
  const estimate = planner.visits > visitsMax ? Number.POSITIVE_INFINITY : estimateOf(root, null)
  return { root, estimate, faults: [...planner.faults] }
}

type Planner = {
  readonly weights: Weights
  readonly listSize: number
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly defaults: Defaults
  readonly faults: Set<string>
  readonly known: Map<string, CostNode>
  readonly idOf: (node: object) => number
  visits: number
}

type Sets = readonly SelectionSetNode[]

type Place = {
  readonly type: string
  /** How long the lists in this object are, where the field that gave it says so. */
  readonly sized: ReadonlyMap<string, Amount>
}

function nodeOf(planner: Planner, sets: Sets, place: Place): CostNode {
  const key = `${place.type}:${sets.map(planner.idOf).join()}`
  const found = place.sized.size === 0 ? planner.known.get(key) : undefined
  if (found) return found
  const node = { variants: variantsOf(planner, sets, place) }
  if (place.sized.size === 0) planner.known.set(key, node)
  return node
}

function variantsOf(planner: Planner, sets: Sets, place: Place): CostVariant[] {
  const { weights, visits } = planner
  const possible = [...(weights.types.get(place.type)?.possible ?? [])]
  const names = visits > visitsMax || possible.length === 0 ? [null] : possible
  const alike = new Map<string, { readonly types: [string]; readonly entries: Entry[] }>()
  const askedOf = groupsOf(planner, sets)
  for (const name of names) {
    const asked = askedOf(name)
    const type = name ?? place.type
    const key = likenessOf(planner, type, asked)
    const same = alike.get(key)
    if (same) same.types.push(type)
    else alike.set(key, { types: [type], entries: asked.entries })
  }
  return [...alike.values()].map(({ types, entries }) => ({
    types: new Set(types),
    weight: weights.types.get(types[0])?.weight ?? 0,
    fields: entries.flatMap((entry) => fieldOf(planner, entry, { ...place, concrete: types[0] })),
  }))
}

function fieldOf(
  planner: Planner,
  { key, nodes, included, parent }: Entry,
  { type, concrete, sized }: Place & { readonly concrete: string },
): CostField[] {
  const { types } = planner.weights
  const [node] = nodes
  if (!node) return []
  const name = node.name.value
  // A field of an interface object stands on the interface alone.
  const field = [concrete, type, parent ?? type]
    .map((one) => types.get(one)?.fields.get(name))
    .find((one) => one !== undefined)
  if (!field) return []
  const size = sizeOf(node, field, planner)
  for (const fault of size.faults) planner.faults.add(`${concrete}.${name}: ${fault}`)
  const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
  const inside = { type: field.type, sized: size.inside }
  const below = sets.length > 0 ? nodeOf(planner, sets, inside) : null
  const weight = below ? field.weight : (field.weight ?? types.get(field.type)?.weight ?? 0)
  const one = below ? estimateOf(below, weight) : (weight ?? 0)
  const args = argumentsOf(planner, node, field)
  const length = sized.get(name) ?? size.own
  const estimate = productOf(included, sumOf([args, productOf(length, one)]))
  return estimate === 0 && !below ? [] : [{ key, args, weight, below, estimate }]
}

const argumentsOf = ({ weights, defaults }: Planner, node: FieldNode, field: FieldWeight): Amount =>
  sumOf(
    (node.arguments ?? []).map(({ name, value }) => {
      const input = field.args.get(name.value)
      return input ? argumentCost(weights, { input, value }, defaults) : 0
    }),
  )

/** One object, whichever of its variants costs most. */
const estimateOf = ({ variants }: CostNode, weight: number | null): Amount =>
  largestOf(
    variants.map((variant) =>
      sumOf([weight ?? variant.weight, ...variant.fields.map(({ estimate }) => estimate)]),
    ),
  )

/** What is asked of some types, and of each field the name. */
type Group = { readonly id: number; readonly entries: Entry[]; readonly names: readonly string[] }

/** Types that are in the same conditions are asked for the same, which is collected once. */
function groupsOf(planner: Planner, sets: Sets): (type: string | null) => Group {
  const { types } = planner.weights
  const conditions = conditionsIn(sets, planner.fragments).map((on) => types.get(on)?.possible)
  const groups = new Map<string, Group>()
  return (type) => {
    planner.visits += 1 + conditions.length
    const key = type === null ? '' : conditions.map((on) => (on?.has(type) ? 1 : 0)).join('')
    const known = groups.get(key)
    const group = known ?? { id: groups.size, ...collected(planner, sets, type) }
    groups.set(key, group)
    planner.visits += group.names.length
    return group
  }
}

function collected(planner: Planner, sets: Sets, type: string | null): Omit<Group, 'id'> {
  const entries = collect(sets, type, planner)
  return { entries, names: entries.map(({ nodes }) => nodes[0]?.name.value ?? '') }
}

/** Two types of equal likeness cost the same where these fields are asked of them. */
function likenessOf({ weights }: Planner, type: string, { id, names }: Group): string {
  const known = weights.types.get(type)
  let likeness = `${id} ${known?.weight}`
  for (const name of names) likeness += ` ${known?.fields.get(name)?.likeness}`
  return likeness
}
