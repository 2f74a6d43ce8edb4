import { type FieldNode, Kind, parse, type SelectionNode } from 'graphql'
import type { CacheHints } from '../supergraph/cache-hints.ts'

/** For how long what is asked of entities may be kept, and what that is. */
export type EntityAge = {
  /** Seconds. */
  readonly maxAge: number
  /** As `Type.field`. */
  readonly fields: readonly string[]
}

/**
 * By the alias of each `_entities` of a request: those of which nothing but plain values is asked,
 * each of which says, or whose type says, how long it may be kept.
 */
export function entityAgesOf(
  document: string,
  { rows }: CacheHints,
): ReadonlyMap<string, EntityAge> {
  if (rows.size === 0) return new Map()
  const operation = parse(document, { noLocation: true }).definitions.find(
    (node) => node.kind === Kind.OPERATION_DEFINITION,
  )
  const parts = operation?.selectionSet.selections.filter(isField) ?? []
  return new Map(
    parts.flatMap((part) => {
      const age = ageOf(part, rows)
      return age ? [[part.alias?.value ?? part.name.value, age] as const] : []
    }),
  )
}

const isField = (node: SelectionNode): node is FieldNode => node.kind === Kind.FIELD

/** Null for what is not kept. */
function ageOf({ selectionSet }: FieldNode, rows: CacheHints['rows']): EntityAge | null {
  const fields: string[] = []
  const ages: number[] = []
  for (const node of selectionSet?.selections ?? []) {
    if (node.kind === Kind.FIELD && node.name.value === '__typename') continue
    const type = node.kind === Kind.INLINE_FRAGMENT ? node.typeCondition?.name.value : undefined
    if (node.kind !== Kind.INLINE_FRAGMENT || type === undefined) return null
    for (const one of node.selectionSet.selections) {
      if (!isField(one) || one.selectionSet) return null
      if (one.name.value === '__typename') continue
      const field = `${type}.${one.name.value}`
      const maxAge = rows.get(field)?.maxAge ?? rows.get(type)?.maxAge ?? 0
      fields.push(field)
      ages.push(maxAge)
    }
  }
  const maxAge = ages.length > 0 ? Math.min(...ages) : 0
  return maxAge > 0 ? { maxAge, fields } : null
}
