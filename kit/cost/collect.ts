import {
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
} from 'graphql'
import type { Amount, Variables } from './amount.ts'
import { type Defaults, variableIn } from './values.ts'
import type { Weights } from './weights.ts'

/** What is asked for under one response name. */
export type Entry = {
  readonly key: string
  readonly nodes: readonly FieldNode[]
  /** The type that a fragment around it names, if any. */
  readonly parent: string | null
  /** 1 when it is in the answer, 0 when it is skipped. */
  readonly included: Amount
}

type Scope = {
  readonly weights: Weights
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly defaults: Defaults
}

/** Whether something is asked for; `true` and `false` do not depend on variables. */
type Condition = boolean | ((variables: Variables) => boolean)

/**
 * The fields of one object: those of `typeName`, each name once; or with null those of any type,
 * each name once for each of them. A fragment that is spread under several conditions counts as if
 * it had none. Source: GraphQL, September 2025, 6.3.2, CollectFields.
 */
export function collect(
  sets: readonly SelectionSetNode[],
  typeName: string | null,
  { weights, fragments, defaults }: Scope,
): Entry[] {
  const found = new Map<string, Found>()
  const seen = new Map<string, 'sometimes' | 'always'>()
  const applies = (condition: string) =>
    typeName === null || (weights.types.get(condition)?.possible.has(typeName) ?? false)

  function visit({ selections }: SelectionSetNode, parent: string | null, outer: Condition): void {
    for (const node of selections) {
      const condition = bothOf(outer, conditionOf(node.directives ?? [], defaults))
      if (condition === false) continue
      if (node.kind === Kind.FIELD) add(node, parent, condition)
      else if (node.kind === Kind.FRAGMENT_SPREAD) spread(node.name.value, condition)
      else {
        const on = node.typeCondition?.name.value
        if (on === undefined || applies(on)) visit(node.selectionSet, on ?? parent, condition)
      }
    }
  }

  function add(node: FieldNode, parent: string | null, condition: Condition): void {
    const key = (node.alias ?? node.name).value
    const place = typeName === null ? `${parent} ${key}` : key
    const entry = found.get(place) ?? { key, parent, nodes: [], conditions: [] }
    entry.nodes.push(node)
    entry.conditions.push(condition)
    found.set(place, entry)
  }

  function spread(name: string, condition: Condition): void {
    const fragment = fragments.get(name)
    const before = seen.get(name)
    if (!fragment || before === 'always' || !applies(fragment.typeCondition.name.value)) return
    const isAlways = condition === true || before === 'sometimes'
    seen.set(name, isAlways ? 'always' : 'sometimes')
    visit(fragment.selectionSet, fragment.typeCondition.name.value, isAlways || condition)
  }

  for (const set of sets) visit(set, null, true)
  return [...found.values()].map(({ key, parent, nodes, conditions }) => ({
    ...{ key, parent, nodes },
    included: amountOf(conditions),
  }))
}

/** Each type that a fragment in these sets is for, once. */
export function conditionsIn(
  sets: readonly SelectionSetNode[],
  fragments: Scope['fragments'],
): readonly string[] {
  const names = new Set<string>()
  const seen = new Set<FragmentDefinitionNode>()
  const visit = ({ selections }: SelectionSetNode): void => {
    for (const node of selections) {
      if (node.kind === Kind.FIELD) continue
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value)
      if (!fragment) continue
      if (fragment.typeCondition) names.add(fragment.typeCondition.name.value)
      if (fragment.kind === Kind.FRAGMENT_DEFINITION) {
        if (seen.has(fragment)) continue
        seen.add(fragment)
      }
      visit(fragment.selectionSet)
    }
  }
  for (const set of sets) visit(set)
  return [...names]
}

type Found = {
  readonly key: string
  readonly parent: string | null
  readonly nodes: FieldNode[]
  readonly conditions: Condition[]
}

/** Included when any of the places that ask for it is. */
function amountOf(conditions: readonly Condition[]): Amount {
  const open = conditions.filter((condition) => typeof condition === 'function')
  if (open.length < conditions.length) return 1
  return (variables) => (open.some((condition) => condition(variables)) ? 1 : 0)
}

const bothOf = (one: Condition, other: Condition): Condition => {
  if (one === false || other === false) return false
  if (one === true) return other
  if (other === true) return one
  return (variables) => one(variables) && other(variables)
}

const conditionOf = (directives: readonly DirectiveNode[], defaults: Defaults): Condition =>
  directives.reduce<Condition>((all, { name, arguments: args = [] }) => {
    const wanted = name.value === 'include'
    if (!wanted && name.value !== 'skip') return all
    const value = args.find((arg) => arg.name.value === 'if')?.value
    if (value?.kind === Kind.BOOLEAN) return bothOf(all, value.value === wanted)
    if (value?.kind !== Kind.VARIABLE) return all
    const variable = value.name.value
    return bothOf(all, (variables) => variableIn(variables, variable, defaults) === wanted)
  }, true)
