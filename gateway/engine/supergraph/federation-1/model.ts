import {
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type TypeDefinitionNode,
} from 'graphql'
import { rootNamesIn, usesOf } from '../directives.ts'
import { SupergraphError } from '../refusals.ts'

export type Composite = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode

/** What one subgraph says of a field: in the words of `join__field`, without the graph. */
export type Use = Readonly<Partial<Record<'requires' | 'provides', string>>> & {
  readonly external?: true
}

/** A supergraph of Federation 1, as it is written: specs.apollo.dev/join/v0.1. */
export type Model = {
  readonly types: ReadonlyMap<string, TypeDefinitionNode>
  readonly graphs: readonly string[]
  readonly roots: ReadonlySet<string>
  /** Types that implement an interface, by its name. */
  readonly implementors: ReadonlyMap<string, readonly Composite[]>
  /** For an entity: its keys by graph. Undefined for every other type. */
  keysOf(type: string): ReadonlyMap<string, readonly string[]> | undefined
  /** What the graphs say of a field; null for one that is wherever its type is. */
  usesOf(parent: Composite, field: FieldDefinitionNode): ReadonlyMap<string, Use> | null
  /** For an error message. */
  graphName(graph: string): string
}

export const isComposite = (node: TypeDefinitionNode | undefined): node is Composite =>
  node?.kind === Kind.OBJECT_TYPE_DEFINITION || node?.kind === Kind.INTERFACE_TYPE_DEFINITION

export const refuse = (reason: string): SupergraphError => new SupergraphError([reason])

const isOfSpec = (name: string) => /^(join|core|link)__/.test(name)

export function modelOf(document: DocumentNode, subgraphNames: ReadonlyMap<string, string>): Model {
  const nodes = document.definitions
    .filter(isTypeDefinitionNode)
    .filter(({ name }) => !isOfSpec(name.value))
  const types = new Map(nodes.map((node) => [node.name.value, node]))
  const roots = rootNamesIn(document)
  const keys = new Map(
    nodes
      .map((node) => [node.name.value, keysIn(node)] as const)
      .filter(([name, { size }]) => size > 0 && !roots.has(name)),
  )
  return {
    types,
    graphs: [...subgraphNames.keys()],
    roots,
    implementors: implementorsIn(nodes),
    keysOf: (type) => keys.get(type),
    usesOf: (parent, field) => {
      const written = writtenUses(field)
      if (written.size > 0) return written
      if (roots.has(parent.name.value))
        throw refuse(`${parent.name.value}.${field.name.value} does not say which subgraph has it.`)
      const known = keys.get(parent.name.value)
      return known ? new Map(ownersOf(parent, known).map((graph) => [graph, {}])) : null
    },
    graphName: (graph) => subgraphNames.get(graph) ?? graph,
  }
}

/** Without a subgraph of its own a field of an entity is its owner's. */
const ownersOf = (node: Composite, keys: ReadonlyMap<string, unknown>): string[] => {
  const [owner] = usesOf(node, 'join__owner')
  return owner ? [String(owner.graph)] : [...keys.keys()]
}

function keysIn(node: TypeDefinitionNode): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, string[]>()
  for (const { graph } of usesOf(node, 'join__owner')) keys.set(String(graph), [])
  for (const { graph, key } of usesOf(node, 'join__type')) {
    const known = keys.get(String(graph)) ?? []
    keys.set(String(graph), typeof key === 'string' ? [...known, key] : known)
  }
  return keys
}

const textIn = (name: 'requires' | 'provides', value: unknown): Use =>
  typeof value === 'string' ? { [name]: value } : {}

const writtenUses = (field: FieldDefinitionNode): Map<string, Use> =>
  new Map(
    usesOf(field, 'join__field')
      .filter(({ graph }) => graph !== undefined && graph !== null)
      .map(({ graph, requires, provides, external }) => [
        String(graph),
        {
          ...textIn('requires', requires),
          ...textIn('provides', provides),
          ...(external === true && { external }),
        },
      ]),
  )

function implementorsIn(nodes: readonly TypeDefinitionNode[]): Map<string, Composite[]> {
  const found = new Map<string, Composite[]>()
  for (const node of nodes.filter(isComposite))
    for (const { name } of node.interfaces ?? [])
      found.set(name.value, [...(found.get(name.value) ?? []), node])
  return found
}
