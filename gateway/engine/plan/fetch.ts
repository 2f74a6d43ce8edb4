import type { ArgumentNode, OperationTypeNode } from 'graphql'
import type { AskField } from './ask.ts'
import type { Graph } from './joins.ts'

/** The way from the root of the merged answers to objects. */
export type Step =
  | { readonly kind: 'field'; readonly key: string }
  | { readonly kind: 'list' }
  | { readonly kind: 'on'; readonly type: string }

export type Path = readonly Step[]

export type SelectedField = {
  readonly name: string
  readonly key: string
  readonly args: readonly ArgumentNode[]
  readonly sub: Selected | null
}

/** What a subgraph will be asked of an object; it grows while planning goes on. */
export type Selected = {
  readonly fields: Map<string, SelectedField>
  readonly on: Map<string, Selected>
}

/** The keys of a selection, whatever types they are asked of; null for what has none below it. */
export type KeyTree = ReadonlyMap<string, KeyTree | null>

export function keyTreeOf(selected: Selected): KeyTree {
  const tree = new Map<string, KeyTree | null>()
  addKeys(tree, selected)
  return tree
}

function addKeys(tree: Map<string, KeyTree | null>, { fields, on }: Selected): void {
  for (const { key, sub } of fields.values()) {
    const below = new Map(tree.get(key))
    if (sub) addKeys(below, sub)
    tree.set(key, sub && below)
  }
  for (const part of on.values()) addKeys(tree, part)
}

/** A part of a representation. */
export type Need =
  | {
      readonly kind: 'field'
      readonly name: string
      readonly key: string
      /** An object cannot be found by a key that is null; what it requires may be. */
      readonly isKey: boolean
      readonly sub: readonly Need[] | null
      /** Objects of several types say which they are: this is what they all are. */
      readonly abstract: string | null
    }
  | {
      readonly kind: 'on'
      readonly type: string
      /** Every type that its objects may have. */
      readonly types: readonly string[]
      readonly sub: readonly Need[]
    }

export type Fetch = {
  readonly graph: Graph
  readonly operation: OperationTypeNode
  readonly path: Path
  /** The type of the objects in the subgraph, which finds them as entities or is asked at a root. */
  readonly type: string
  readonly isEntity: boolean
  readonly selected: Selected
  readonly needs: Need[]
  /** What must have been answered before. */
  readonly after: Set<Fetch>
}

export const nothingSelected = (): Selected => ({ fields: new Map(), on: new Map() })

/** The field under its key, added where it is missing. */
export function selectField(selected: Selected, ask: AskField): SelectedField {
  const { name, key, args, sub } = ask
  const known = selected.fields.get(key)
  if (known) return known
  const field = { name, key, args, sub: sub && nothingSelected() }
  selected.fields.set(key, field)
  return field
}

/** The part of the selection for one type. */
export function selectOn(selected: Selected, type: string): Selected {
  const known = selected.on.get(type)
  if (known) return known
  const part = nothingSelected()
  selected.on.set(type, part)
  return part
}

/** All that a fetch waits for, at once or in the end. */
export function before(fetch: Fetch, known: Set<Fetch> = new Set()): Set<Fetch> {
  for (const one of fetch.after) {
    if (known.has(one)) continue
    known.add(one)
    before(one, known)
  }
  return known
}
