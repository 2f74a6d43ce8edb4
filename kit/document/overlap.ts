import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql'
import { fragmentsIn } from './operation.ts'

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>

/** What stands under one response name together, and which fragments brought it there. */
type Merged = {
  readonly byName: Map<string, FieldNode[]>
  readonly spreads: Set<string>
}

/**
 * How many comparisons it takes to tell whether fields of one name agree: validation compares each
 * with each, in operations and in every fragment, used or not, and arguments word by word. Stops
 * counting once it is above `max`, so the time is that of `max` at most.
 * Source: GraphQL, September 2025, 5.3.2, FieldsInSetCanMerge.
 */
export function comparisonsIn(document: DocumentNode, max: number): number {
  const fragments = fragmentsIn(document)
  let count = 0
  const compare = (sets: readonly SelectionSetNode[]): void => {
    const merged: Merged = { byName: new Map(), spreads: new Set() }
    for (const set of sets) collect(set, merged, fragments)
    count += merged.spreads.size ** 2
    for (const nodes of merged.byName.values()) {
      if (count > max) return
      count += nodes.length * nodes.reduce((sum, node) => sum + weightOf(node), 0)
      const below = nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
      if (below.length > 0) compare(below)
    }
  }
  for (const node of document.definitions) if ('selectionSet' in node) compare([node.selectionSet])
  return count
}

function collect({ selections }: SelectionSetNode, merged: Merged, fragments: Fragments): void {
  for (const node of selections) {
    if (node.kind === Kind.FIELD) {
      const name = (node.alias ?? node.name).value
      const nodes = merged.byName.get(name)
      if (nodes) nodes.push(node)
      else merged.byName.set(name, [node])
    } else if (node.kind === Kind.INLINE_FRAGMENT) collect(node.selectionSet, merged, fragments)
    else if (!merged.spreads.has(node.name.value)) {
      merged.spreads.add(node.name.value)
      const fragment = fragments.get(node.name.value)
      if (fragment) collect(fragment.selectionSet, merged, fragments)
    }
  }
}

/** To compare arguments, validation sorts and prints them: so much more than to compare names. */
const argumentWeight = 4

const weightOf = ({ arguments: args = [] }: FieldNode): number =>
  args.reduce((sum, { value }) => sum + argumentWeight * (1 + weightOfValue(value)), 1)

/** A text is compared as a whole: so many characters cost as much as one node. */
const charactersPerNode = 32

function weightOfValue(value: ValueNode): number {
  if (value.kind === Kind.LIST)
    return value.values.reduce((sum, item) => sum + weightOfValue(item), 1)
  if (value.kind === Kind.OBJECT)
    return value.fields.reduce((sum, field) => sum + 1 + weightOfValue(field.value), 1)
  return 'value' in value && typeof value.value === 'string'
    ? 1 + value.value.length / charactersPerNode
    : 1
}
