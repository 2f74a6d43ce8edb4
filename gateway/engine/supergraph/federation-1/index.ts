import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  type TypeDefinitionNode,
} from 'graphql'
import { usesOf } from '../directives.ts'
import { joinOf } from '../join.ts'
import { withEnumValues, withUnionMembers } from '../members.ts'
import { interfaceGraphs, placeBehindInterfaces } from './interfaces.ts'
import { type Composite, isComposite, type Model, modelOf, refuse, type Use } from './model.ts'
import { draftOf, type Presence } from './presence.ts'

/**
 * A supergraph of Federation 1 (join v0.1), with what Federation 2 writes down: the subgraphs of
 * every type and of every field, keys and copies included. Throws SupergraphError for what can only
 * be guessed.
 */
export function fromFederation1(
  document: DocumentNode,
  subgraphNames: ReadonlyMap<string, string>,
): DocumentNode {
  const model = modelOf(document, subgraphNames)
  const draft = draftOf(model)
  placeBehindInterfaces(draft)
  const graphsOf = (type: string) => {
    const graphs = draft.graphsOf.get(type)
    // Nothing leads there, so it does not matter where it is.
    return graphs ? model.graphs.filter((graph) => graphs.has(graph)) : model.graphs
  }
  const upgrading = { model, presence: draft, graphsOf }
  return {
    ...document,
    definitions: document.definitions.map((node) =>
      isTypeDefinitionNode(node) && model.types.has(node.name.value)
        ? upgradedType(node, upgrading)
        : node,
    ),
  }
}

type Upgrading = {
  readonly model: Model
  readonly presence: Presence
  readonly graphsOf: (type: string) => readonly string[]
}

function upgradedType(node: TypeDefinitionNode, upgrading: Upgrading): DefinitionNode {
  const { model, graphsOf } = upgrading
  const graphs = new Map([...model.types.keys()].map((type) => [type, graphsOf(type)]))
  const joined = {
    ...node,
    directives: [
      ...joinsOf(node.name.value, upgrading),
      ...(isComposite(node) ? implementsOf(node, upgrading) : []),
      ...withoutJoins(node.directives),
    ],
  }
  if (joined.kind === Kind.UNION_TYPE_DEFINITION) return withUnionMembers(joined, graphs)
  if (joined.kind === Kind.ENUM_TYPE_DEFINITION) return withEnumValues(joined, graphs)
  if (!isComposite(joined)) return joined
  const fields = (joined.fields ?? []).map((field) => ({
    ...field,
    directives: [...fieldJoins(joined, field, upgrading), ...withoutJoins(field.directives)],
  }))
  return { ...joined, fields }
}

const withoutJoins = (directives: readonly ConstDirectiveNode[] = []) =>
  directives.filter(({ name }) => !name.value.startsWith('join__'))

const joinsOf = (type: string, { model, graphsOf }: Upgrading): ConstDirectiveNode[] =>
  graphsOf(type).flatMap((graph) => {
    const keys = model.keysOf(type)?.get(graph) ?? []
    return keys.length > 0
      ? keys.map((key) => joinOf('type', { graph, key }))
      : [joinOf('type', { graph })]
  })

const implementsOf = (node: Composite, { graphsOf }: Upgrading): ConstDirectiveNode[] =>
  (node.interfaces ?? []).flatMap(({ name }) =>
    graphsOf(node.name.value)
      .filter((graph) => graphsOf(name.value).includes(graph))
      .map((graph) => joinOf('implements', { graph, interface: name.value })),
  )

function fieldJoins(
  node: Composite,
  field: FieldDefinitionNode,
  { model, presence, graphsOf }: Upgrading,
): ConstDirectiveNode[] {
  const place = { type: node.name.value, field: field.name.value }
  if (node.kind === Kind.INTERFACE_TYPE_DEFINITION) {
    const graphs = interfaceGraphs(model, presence, place)
    return (graphs ?? []).map((graph) => joinOf('field', { graph }))
  }
  const known = presence.uses.get(`${place.type}.${place.field}`)
  const uses = known ?? sharedUses(field, graphsOf(place.type))
  requireDecided(node, { model, graphsOf })
  return [...uses].map(([graph, use]) => joinOf('field', { graph, ...use }))
}

/** Federation 1 writes `provides` on a value type without a subgraph: it holds for all of them. */
function sharedUses(field: FieldDefinitionNode, graphs: readonly string[]): Map<string, Use> {
  const [written] = usesOf(field, 'join__field')
  if (typeof written?.provides !== 'string') return new Map()
  const use = { provides: written.provides }
  return new Map(graphs.map((graph) => [graph, use]))
}

/** A type that is no entity is either the same everywhere, or in one subgraph. */
function requireDecided(
  node: Composite,
  { model, graphsOf }: Pick<Upgrading, 'model' | 'graphsOf'>,
): void {
  const { value: type } = node.name
  if (model.roots.has(type) || model.keysOf(type) || graphsOf(type).length < 2) return
  const bound = node.fields?.find((field) => model.usesOf(node, field))
  if (bound)
    throw refuse(
      `${type}.${bound.name.value} is in one subgraph, and nothing says where the other fields of ${type} are.`,
    )
}
