import { createHash } from 'node:crypto'
import { type DocumentNode, Kind, print } from 'graphql'
import { z } from 'zod'
import { type Carrier, usesOf } from './directives.ts'

/** What `@cacheControl` says of a field or a type. */
export type CacheHint = {
  /** Seconds; null where it says nothing. */
  readonly maxAge: number | null
  /** Null where it says nothing. */
  readonly scope: 'PUBLIC' | 'PRIVATE' | null
}

export type CacheHints = {
  /** By `Type.field`, or by the name of a type. */
  readonly rows: ReadonlyMap<string, CacheHint>
  /** Tells this graph from every other; worked out when somebody asks. */
  readonly graph: () => string
}

const Hint = z.object({
  maxAge: z.int().min(0).nullish(),
  scope: z.enum(['PUBLIC', 'PRIVATE']).nullish(),
  inheritMaxAge: z.boolean().nullish(),
})

/**
 * Every `@cacheControl` of a supergraph; a use that says something else counts as 0 seconds. Of
 * several on one place, as subgraphs that share a field may give it, the strictest of each part
 * counts.
 */
export function cacheHintsOf(document: DocumentNode): CacheHints {
  const hints = new Map<string, CacheHint>()
  for (const type of document.definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.INTERFACE_TYPE_DEFINITION)
      continue
    const name = type.name.value
    for (const hint of hintsOn(type)) hints.set(name, hint)
    for (const field of type.fields ?? [])
      for (const hint of hintsOn(field)) hints.set(`${name}.${field.name.value}`, hint)
  }
  let graph: string | undefined
  return {
    rows: hints,
    graph: () => {
      graph ??= createHash('sha256').update(print(document)).digest('base64url')
      return graph
    },
  }
}

function hintsOn(node: Carrier): CacheHint[] {
  const [first, ...others] = usesOf(node, 'cacheControl').map(hintFrom)
  return first ? [others.reduce(stricter, first)] : []
}

function hintFrom(given: Record<string, unknown>): CacheHint {
  const { data } = Hint.safeParse(given)
  if (!data) return { maxAge: 0, scope: null }
  return { maxAge: data.maxAge ?? null, scope: data.scope ?? null }
}

const stricter = (one: CacheHint, other: CacheHint): CacheHint => ({
  maxAge: leastOf(one.maxAge, other.maxAge),
  scope: one.scope === 'PRIVATE' ? one.scope : (other.scope ?? one.scope),
})

const leastOf = (one: number | null, other: number | null) =>
  one === null || other === null ? (one ?? other) : Math.min(one, other)
