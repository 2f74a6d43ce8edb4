import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  parse,
  parseType,
  type SelectionSetNode,
  type TypeDefinitionNode,
  type TypeNode,
} from 'graphql'
import { argumentsOf } from '../supergraph/index.ts'

/** A value of `join__Graph`: one subgraph. */
export type Graph = string

/** What one subgraph does for a field. Source: specs.apollo.dev/join/v0.5. */
export type FieldJoin = {
  /** Mentioned there, and answered only under `@provides` or as part of a key. */
  readonly isExternal: boolean
  readonly requires: SelectionSetNode | null
  readonly provides: SelectionSetNode | null
  /** The field's type there, where it is not that of the supergraph. */
  readonly type: TypeNode
  /** Under a label of `@override` one of two subgraphs answers. */
  readonly override: { readonly label: string; readonly isNew: boolean } | null
}

export type TypeJoin = {
  /** Only those by which the subgraph finds the object again. */
  readonly keys: readonly SelectionSetNode[]
  /** With those by which it cannot: it answers the fields of all of them. */
  readonly allKeys: readonly SelectionSetNode[]
  /** The subgraph takes an interface for one object type. */
  readonly isInterfaceObject: boolean
}

export type FieldJoins = {
  readonly type: TypeNode
  readonly graphs: ReadonlyMap<Graph, FieldJoin>
}

export type TypeJoins = {
  readonly name: string
  readonly isAbstract: boolean
  /** It has fields of its own, or its members have. */
  readonly isComposite: boolean
  readonly graphs: ReadonlyMap<Graph, TypeJoin>
  readonly fields: ReadonlyMap<string, FieldJoins>
  /** Of a composite type, and of every interface that it implements. */
  readonly interfaces: ReadonlySet<string>
  /** The object types that a subgraph may answer with, in the place of this one. */
  readonly members: ReadonlyMap<Graph, readonly string[]>
}

/** Who answers what: the supergraph as the planner reads it. */
export type Joins = ReadonlyMap<string, TypeJoins>

/** How many lists stand around the named type. */
export const listDepthOf = (type: TypeNode): number => {
  if (type.kind === Kind.NAMED_TYPE) return 0
  return listDepthOf(type.type) + (type.kind === Kind.LIST_TYPE ? 1 : 0)
}

export const selectionSetFrom = (text: string): SelectionSetNode => {
  const [definition] = parse(`{${text}}`, { noLocation: true }).definitions
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`Not a selection: ${text}`)
  return definition.selectionSet
}

/** Reads a supergraph of join 0.3 or later. */
export function joinsOf({ definitions }: DocumentNode): Joins {
  const types = definitions.filter(isTypeDefinitionNode)
  return new Map(types.map((node) => [node.name.value, typeJoinsOf(node, types)]))
}

type Arguments = Readonly<Record<string, unknown>>

const directivesOf = (
  { directives = [] }: { readonly directives?: readonly ConstDirectiveNode[] | undefined },
  name: string,
): readonly Arguments[] =>
  directives.filter((directive) => directive.name.value === name).map(argumentsOf)

const graphOf = ({ graph }: Arguments): Graph => String(graph)
const textOf = (value: unknown) => (typeof value === 'string' ? value : null)

function typeJoinsOf(node: TypeDefinitionNode, types: readonly TypeDefinitionNode[]): TypeJoins {
  const graphs = typeGraphsOf(node)
  const fields =
    node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION
      ? (node.fields ?? [])
      : []
  const isAbstract =
    node.kind === Kind.INTERFACE_TYPE_DEFINITION || node.kind === Kind.UNION_TYPE_DEFINITION
  return {
    name: node.name.value,
    isAbstract,
    isComposite: isAbstract || node.kind === Kind.OBJECT_TYPE_DEFINITION,
    graphs,
    fields: new Map(fields.map((field) => [field.name.value, fieldJoinsOf(field, graphs)])),
    interfaces: new Set(interfacesOf(node)),
    members: new Map(
      [...graphs.keys()].map((graph) => [
        graph,
        isAbstract ? membersIn(node, graph, types) : [node.name.value],
      ]),
    ),
  }
}

const interfacesOf = (node: TypeDefinitionNode): readonly string[] =>
  'interfaces' in node ? (node.interfaces ?? []).map(({ name }) => name.value) : []

function typeGraphsOf(node: TypeDefinitionNode): Map<Graph, TypeJoin> {
  const rows = directivesOf(node, 'join__type')
  return new Map(
    [...new Set(rows.map(graphOf))].map((graph) => {
      const own = rows.filter((row) => graphOf(row) === graph)
      const keyed = own.filter(({ key }) => typeof key === 'string')
      const setOf = ({ key }: Arguments) => selectionSetFrom(String(key))
      return [
        graph,
        {
          keys: keyed.filter(({ resolvable }) => resolvable !== false).map(setOf),
          allKeys: keyed.map(setOf),
          isInterfaceObject: own.some(({ isInterfaceObject }) => isInterfaceObject === true),
        },
      ]
    }),
  )
}

function fieldJoinsOf(node: FieldDefinitionNode, graphs: ReadonlyMap<Graph, TypeJoin>): FieldJoins {
  const rows = directivesOf(node, 'join__field')
  // Without a row the field is in every subgraph that has the type.
  const places: readonly Arguments[] =
    rows.length > 0 ? rows : [...graphs.keys()].map((graph) => ({ graph }))
  return {
    type: node.type,
    graphs: new Map(
      places
        // A row without a graph: interface objects answer the field, under the interface's name.
        .filter(({ graph }) => graph !== undefined)
        .map((row) => [graphOf(row), fieldJoinOf(row, node)]),
    ),
  }
}

function fieldJoinOf(row: Arguments, { type }: FieldDefinitionNode): FieldJoin {
  const { external, usedOverridden, override, overrideLabel } = row
  const requires = textOf(row.requires)
  const provides = textOf(row.provides)
  const ownType = textOf(row.type)
  return {
    isExternal: external === true || usedOverridden === true,
    requires: requires === null ? null : selectionSetFrom(requires),
    provides: provides === null ? null : selectionSetFrom(provides),
    type: ownType === null ? type : parseType(ownType, { noLocation: true }),
    override:
      typeof overrideLabel === 'string'
        ? { label: overrideLabel, isNew: typeof override === 'string' }
        : null,
  }
}

function membersIn(
  node: TypeDefinitionNode,
  graph: Graph,
  types: readonly TypeDefinitionNode[],
): string[] {
  const name = node.name.value
  if (node.kind === Kind.UNION_TYPE_DEFINITION) {
    const rows = directivesOf(node, 'join__unionMember')
    return rows.length > 0
      ? rows.filter((row) => graphOf(row) === graph).map(({ member }) => String(member))
      : (node.types ?? []).map((type) => type.name.value)
  }
  return types
    .filter((type) => type.kind === Kind.OBJECT_TYPE_DEFINITION)
    .filter((type) => implementsIn(type, name, graph))
    .map((type) => type.name.value)
}

function implementsIn(type: TypeDefinitionNode, name: string, graph: Graph): boolean {
  const rows = directivesOf(type, 'join__implements')
  if (rows.length === 0) return interfacesOf(type).includes(name) && typeGraphsOf(type).has(graph)
  return rows.some((row) => graphOf(row) === graph && row.interface === name)
}

/** Every label of `@override` that the graph knows. */
export const labelsIn = (joins: Joins): ReadonlySet<string> =>
  new Set(
    [...joins.values()]
      .flatMap(({ fields }) => [...fields.values()])
      .flatMap(({ graphs }) => [...graphs.values()])
      .flatMap(({ override }) => (override ? [override.label] : [])),
  )

/**
 * How a field looks to whoever validates a document: fields of one name may stand beside each other
 * only when they look the same, and each subgraph has types of its own.
 */
export function looksOf(joins: Joins, parent: string, field: string): string {
  const found = joins.get(parent)?.fields.get(field)
  if (!found) return ''
  const types = [found.type, ...[...found.graphs.values()].map(({ type }) => type)]
  return [...new Set(types.map((type) => lookOf(joins, type)))].sort().join('|')
}

export function lookOf(joins: Joins, type: TypeNode): string {
  if (type.kind === Kind.NON_NULL_TYPE) return `${lookOf(joins, type.type)}!`
  if (type.kind === Kind.LIST_TYPE) return `[${lookOf(joins, type.type)}]`
  return joins.get(type.name.value)?.isComposite ? '{}' : type.name.value
}
