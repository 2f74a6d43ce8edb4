import { type FieldDefinitionNode, Kind, parse, type SelectionSetNode } from 'graphql'
import { namedTypeOf } from '#kit/document/named-type'
import { type Composite, isComposite, type Model, refuse, type Use } from './model.ts'

/** Which subgraph has what: more than Federation 1 writes down, and no less than it implies. */
export type Presence = {
  /** By type, the subgraphs that have it. */
  readonly graphsOf: ReadonlyMap<string, ReadonlySet<string>>
  /** By interface, the subgraphs of which a field returns it. */
  readonly returning: ReadonlyMap<string, ReadonlySet<string>>
  /** By `Type.field`, what each subgraph says of it; one that is wherever its type is, is missing. */
  readonly uses: ReadonlyMap<string, ReadonlyMap<string, Use>>
}

/** A presence that is being worked out. */
export type Draft = {
  readonly model: Model
  readonly graphsOf: Map<string, Set<string>>
  readonly returning: Map<string, Set<string>>
  readonly uses: Map<string, Map<string, Use>>
}

const at = (type: string, field: string) => `${type}.${field}`

export const isIn = ({ graphsOf }: Presence, graph: string, type: string): boolean =>
  graphsOf.get(type)?.has(graph) ?? false

export const hasField = (
  presence: Presence,
  graph: string,
  { type, field }: { readonly type: string; readonly field: string },
): boolean => presence.uses.get(at(type, field))?.has(graph) ?? isIn(presence, graph, type)

/**
 * What each subgraph certainly has: its root fields, its entities with their keys, and whatever
 * these lead to. A type that is no entity is the same in every subgraph that has it (Federation 1,
 * "value types").
 */
export function draftOf(model: Model): Draft {
  const composites = [...model.types.values()].filter(isComposite)
  const written = composites.flatMap((node) =>
    (node.fields ?? []).flatMap((field) => {
      const uses = model.usesOf(node, field)
      return uses ? [[at(node.name.value, field.name.value), new Map(uses)] as const] : []
    }),
  )
  const draft = { model, graphsOf: new Map(), returning: new Map(), uses: new Map(written) }
  for (const node of composites)
    for (const graph of graphsWritten(draft, node)) place(draft, graph, node.name.value)
  return draft
}

function graphsWritten({ model, uses }: Draft, { name, fields = [] }: Composite): string[] {
  if (!model.roots.has(name.value)) return [...(model.keysOf(name.value)?.keys() ?? [])]
  return fields.flatMap((field) => [...(uses.get(at(name.value, field.name.value))?.keys() ?? [])])
}

function put(all: Map<string, Set<string>>, type: string, graph: string): boolean {
  const known = all.get(type) ?? new Set()
  all.set(type, known)
  const { size } = known
  return known.add(graph).size > size
}

/** The subgraph has the type, whether or not a field returns it; false when nothing is new. */
export function place(draft: Draft, graph: string, type: string): boolean {
  const node = draft.model.types.get(type)
  if (!node || !put(draft.graphsOf, type, graph)) return false
  if (isComposite(node))
    for (const { name } of node.interfaces ?? []) place(draft, graph, name.value)
  if (node.kind === Kind.OBJECT_TYPE_DEFINITION) placeFields(draft, graph, node)
  if (node.kind === Kind.UNION_TYPE_DEFINITION)
    for (const { name } of node.types ?? [])
      if (mayHave(draft, graph, name.value)) place(draft, graph, name.value)
  if (node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)
    for (const field of node.fields ?? []) place(draft, graph, namedTypeOf(field.type))
  return true
}

/** An entity is where it says, and nowhere else. */
const mayHave = ({ model }: Draft, graph: string, type: string) =>
  model.keysOf(type)?.has(graph) ?? true

/** A field of that subgraph returns the type; false when nothing is new. */
export function placeReturned(draft: Draft, graph: string, type: string): boolean {
  const { model, returning } = draft
  if (!mayHave(draft, graph, type))
    throw refuse(`A field of subgraph ${model.graphName(graph)} returns ${type}, which it lacks.`)
  const isNew = put(returning, type, graph)
  return place(draft, graph, type) || isNew
}

export function placeField(draft: Draft, graph: string, field: FieldDefinitionNode): boolean {
  const types = (field.arguments ?? []).map(({ type }) => namedTypeOf(type))
  const placed = types.map((type) => place(draft, graph, type))
  return placeReturned(draft, graph, namedTypeOf(field.type)) || placed.includes(true)
}

function placeFields(draft: Draft, graph: string, node: Composite): void {
  const type = node.name.value
  for (const field of node.fields ?? []) {
    const uses = draft.uses.get(at(type, field.name.value))
    if (uses && !uses.has(graph)) continue
    placeField(draft, graph, field)
    const { requires, provides } = uses?.get(graph) ?? {}
    if (requires) copy(draft, graph, { type, set: selectionOf(requires), use: external })
    const returned = namedTypeOf(field.type)
    if (provides) copy(draft, graph, { type: returned, set: selectionOf(provides), use: external })
  }
  for (const key of draft.model.keysOf(type)?.get(graph) ?? [])
    copy(draft, graph, { type, set: selectionOf(key), use: {} })
}

const external: Use = { external: true }

type Copy = { readonly type: string; readonly set: SelectionSetNode; readonly use: Use }

/** The subgraph has the fields of a key of its own, or knows those of a `requires` or `provides`. */
function copy(draft: Draft, graph: string, { type, set, use }: Copy): void {
  const node = draft.model.types.get(type)
  if (node?.kind === Kind.UNION_TYPE_DEFINITION) place(draft, graph, type)
  for (const selection of set.selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const condition = selection.typeCondition?.name.value ?? type
      copy(draft, graph, { type: condition, set: selection.selectionSet, use })
    }
    if (selection.kind !== Kind.FIELD || !isComposite(node)) continue
    place(draft, graph, type)
    for (const holder of holdersOf(draft, graph, node))
      copyField(draft, graph, { node: holder, name: selection.name.value, use })
    const field = fieldOf(node, selection.name.value)
    if (field && selection.selectionSet)
      copy(draft, graph, { type: namedTypeOf(field.type), set: selection.selectionSet, use })
  }
}

/** A field of an interface is one of each type behind it. */
const holdersOf = ({ model, graphsOf }: Draft, graph: string, node: Composite) =>
  node.kind === Kind.OBJECT_TYPE_DEFINITION
    ? [node]
    : (model.implementors.get(node.name.value) ?? []).filter(({ name }) =>
        graphsOf.get(name.value)?.has(graph),
      )

type FieldCopy = { readonly node: Composite; readonly name: string; readonly use: Use }

function copyField(draft: Draft, graph: string, { node, name, use }: FieldCopy): void {
  const field = fieldOf(node, name)
  const uses = draft.uses.get(at(node.name.value, name))
  if (!field || !uses) return
  const before = uses.get(graph)
  // What the subgraph resolves, or has as a key, is more than a copy.
  if (before && (!before.external || use.external)) return
  uses.set(graph, use)
  placeField(draft, graph, field)
}

export const fieldOf = (node: Composite, name: string): FieldDefinitionNode | undefined =>
  node.fields?.find((field) => field.name.value === name)

function selectionOf(text: string): SelectionSetNode {
  const [operation] = parse(`{ ${text} }`, { noLocation: true }).definitions
  if (operation?.kind === Kind.OPERATION_DEFINITION) return operation.selectionSet
  throw refuse(`${text} is no selection of fields.`)
}
