import { Kind } from 'graphql'
import { type Composite, type Model, refuse } from './model.ts'
import {
  type Draft,
  fieldOf,
  hasField,
  isIn,
  type Presence,
  place,
  placeField,
} from './presence.ts'

/**
 * Places what stands behind interfaces, as often as that leads to another one. Throws
 * SupergraphError where the supergraph leaves open which types a subgraph may answer with.
 */
export function placeBehindInterfaces(draft: Draft): void {
  let isNew = true
  while (isNew) {
    isNew = false
    for (const name of draft.model.implementors.keys()) {
      isNew = placeImplementors(draft, name) || isNew
      isNew = placeInterfaceFields(draft, name) || isNew
    }
  }
}

const nowhere: ReadonlySet<string> = new Set()

/** An entity says where it is; another type is where something certain leads to it. */
function placeImplementors(draft: Draft, name: string): boolean {
  const { model, graphsOf } = draft
  const returning = draft.returning.get(name) ?? nowhere
  const values = objectsBehind(model, name).filter((node) => !model.keysOf(node.name.value))
  let isNew = false
  for (const { name: type } of values) {
    const known = graphsOf.get(type.value) ?? nowhere
    const missing = [...returning].filter((graph) => !known.has(graph))
    const [graph] = missing
    if (graph === undefined) continue
    if (returning.size > 1 || known.size > 0) {
      const names = missing.map(model.graphName).join(', ')
      throw refuse(
        `Nothing says whether subgraph ${names}, which returns the interface ${name}, has ${type.value}: compose the graph by Federation 2.`,
      )
    }
    isNew = place(draft, graph, type.value) || isNew
  }
  return isNew
}

const objectsBehind = (model: Model, name: string): readonly Composite[] =>
  (model.implementors.get(name) ?? []).flatMap((node) =>
    node.kind === Kind.OBJECT_TYPE_DEFINITION ? [node] : objectsBehind(model, node.name.value),
  )

function placeInterfaceFields(draft: Draft, name: string): boolean {
  const node = draft.model.types.get(name)
  if (node?.kind !== Kind.INTERFACE_TYPE_DEFINITION) return false
  const placed = (node.fields ?? []).flatMap((field) => {
    const place = { type: name, field: field.name.value }
    const graphs = interfaceGraphs(draft.model, draft, place) ?? draft.graphsOf.get(name) ?? []
    return [...graphs].map((graph) => placeField(draft, graph, field))
  })
  return placed.includes(true)
}

type Place = { readonly type: string; readonly field: string }

/**
 * The subgraphs whose interface certainly has a field: where each type behind it resolves it, or
 * else where each has it at all. Elsewhere the planner asks type by type. Null for a field that is
 * wherever the interface is.
 */
export function interfaceGraphs(
  model: Model,
  presence: Presence,
  { type, field }: Place,
): readonly string[] | null {
  const objects = objectsBehind(model, type)
  const behind = (graph: string) => objects.filter(({ name }) => isIn(presence, graph, name.value))
  const graphs = [...(presence.graphsOf.get(type) ?? [])].filter(
    (graph) => behind(graph).length > 0,
  )
  if (graphs.length === 0) return null
  const where = (has: (graph: string, object: Composite) => boolean) =>
    graphs.filter((graph) => behind(graph).every((object) => has(graph, object)))
  const resolving = where((graph, object) => resolves(model, presence, { graph, object, field }))
  if (resolving.length > 0) return resolving
  const having = where((graph, { name }) => hasField(presence, graph, { type: name.value, field }))
  if (having.length > 0) return having
  throw refuse(`No subgraph has ${field} on every type that implements ${type}.`)
}

type Resolved = { readonly graph: string; readonly object: Composite; readonly field: string }

/** True for more than a copy: the supergraph names the subgraph, or all that have the type have it. */
function resolves(model: Model, presence: Presence, { graph, object, field }: Resolved): boolean {
  const definition = fieldOf(object, field)
  if (!definition) return false
  return model.usesOf(object, definition)?.has(graph) ?? isIn(presence, graph, object.name.value)
}
