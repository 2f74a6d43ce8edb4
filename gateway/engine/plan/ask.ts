import { type ArgumentNode, Kind, type SelectionSetNode } from 'graphql'
import { namedTypeOf } from '#kit/document/named-type'
import type { KeyOf } from '../prepare/keys.ts'
import type { Selection } from '../prepare/selection.ts'
import type { Joins } from './joins.ts'

/** A field that the answer, a key or `@requires` needs. */
export type AskField = {
  readonly kind: 'field'
  readonly name: string
  readonly key: string
  readonly args: readonly ArgumentNode[]
  readonly sub: readonly Ask[] | null
}

/** What is needed only of objects of one type. */
export type AskOn = { readonly kind: 'on'; readonly type: string; readonly sub: readonly Ask[] }

export type Ask = AskField | AskOn

export const typenameAsk: AskField = {
  kind: 'field',
  name: '__typename',
  key: '__typename',
  args: [],
  sub: null,
}

/** What of the client's selections subgraphs have to answer. */
export const asksOf = (selections: readonly Selection[]): Ask[] =>
  selections.flatMap((selection): Ask[] => {
    if (selection.kind === 'on')
      return [{ kind: 'on', type: selection.type, sub: asksOf(selection.sub) }]
    if (selection.origin === 'typename') return [typenameAsk]
    if (selection.origin !== 'subgraph') return []
    const { kind, name, key, args, sub } = selection
    return [{ kind, name, key, args, sub: sub && asksOf(sub) }]
  })

/** A selection of the supergraph's own: a key, `@requires` or `@provides`, on a type. */
export const asksFrom = (
  graph: { readonly joins: Joins; readonly keyOf: KeyOf },
  { selections }: SelectionSetNode,
  type: string,
): Ask[] =>
  selections.flatMap((node): Ask[] => {
    if (node.kind === Kind.FRAGMENT_SPREAD) return []
    if (node.kind === Kind.INLINE_FRAGMENT) {
      const on = node.typeCondition?.name.value ?? type
      return [{ kind: 'on', type: on, sub: asksFrom(graph, node.selectionSet, on) }]
    }
    const name = node.name.value
    const args = node.arguments ?? []
    const field = graph.joins.get(type)?.fields.get(name)
    const below = node.selectionSet && field
    return [
      {
        kind: 'field',
        ...{ name, args },
        key: graph.keyOf(type, name, args),
        sub: below ? asksFrom(graph, node.selectionSet, namedTypeOf(field.type)) : null,
      },
    ]
  })

/** True when every object of the type is also one of `other`. */
export function isWithin(joins: Joins, type: string, other: string): boolean {
  if (type === other) return true
  if (joins.get(type)?.interfaces.has(other)) return true
  const wider = joins.get(other)
  return [...(wider?.members.values() ?? [])].some((members) => members.includes(type))
}

/**
 * What is asked of an object of the type: its fields, each once, and the narrower fragments, which
 * only a type that stands for several can have.
 */
export function collect(joins: Joins, asks: readonly Ask[], type: string): Ask[] {
  const fields = new Map<string, AskField[]>()
  const narrower: AskOn[] = []
  const isOpen = joins.get(type)?.isAbstract ?? false
  const add = (ask: Ask) => {
    if (ask.kind === 'field') {
      const same = fields.get(ask.key)
      if (same) same.push(ask)
      else fields.set(ask.key, [ask])
    } else if (isWithin(joins, type, ask.type)) for (const inner of ask.sub) add(inner)
    else if (isOpen) narrower.push(ask)
  }
  for (const ask of asks) add(ask)
  return [...[...fields.values()].flatMap(merged), ...narrower]
}

function merged(same: readonly AskField[]): AskField[] {
  const [first, ...others] = same
  if (!first) return []
  if (!first.sub || others.length === 0) return [first]
  return [{ ...first, sub: same.flatMap(({ sub }) => sub ?? []) }]
}
