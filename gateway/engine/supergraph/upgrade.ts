import { type DefinitionNode, type DocumentNode, isTypeDefinitionNode, Kind } from 'graphql'
import { type Carrier, rootNamesIn, usesOf } from './directives.ts'
import { fromFederation1 } from './federation-1/index.ts'
import { inJoin03 } from './join.ts'
import type { Link } from './links.ts'
import { withEnumValues, withUnionMembers } from './members.ts'
import { SupergraphError } from './refusals.ts'

/**
 * The same graph in the words of join v0.3, which the planner reads: it finds no way through a graph
 * of Federation 1 (join v0.1), nor into a union or an enum of join v0.2. Throws SupergraphError for
 * what the older words leave open.
 */
export function upgraded(
  document: DocumentNode,
  links: readonly Link[],
  subgraphNames: ReadonlyMap<string, string>,
): DocumentNode {
  const version = links.find(({ feature }) => feature === 'join')?.version
  const isOld = version?.major === 0 && version.minor < 3
  if (isOld && isFederation1(document))
    return inJoin03(fromFederation1(document, subgraphNames), links)
  if (isOld) return inJoin03(withMembers(document), links)
  requireJoinedRoots(document)
  return document
}

const joinedIn = (node: Carrier): string[] =>
  usesOf(node, 'join__type').map(({ graph }) => String(graph))

/** Federation 1 says to which subgraphs an entity belongs, and nothing of any other type. */
const isFederation1 = (document: DocumentNode): boolean => rootsIn(document).some(isUnjoined)

const rootsIn = (document: DocumentNode) => {
  const names = rootNamesIn(document)
  return document.definitions
    .filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION)
    .filter(({ name }) => names.has(name.value))
}

const isUnjoined = (node: Carrier) => joinedIn(node).length === 0

function requireJoinedRoots(document: DocumentNode): void {
  const faults = rootsIn(document)
    .filter(isUnjoined)
    .map(({ name }) => `No @join__type says in which subgraphs ${name.value} is.`)
  if (faults.length > 0) throw new SupergraphError(faults)
}

/**
 * In join v0.2 a member of a union is one in every subgraph that knows both, and a value of an enum
 * in every subgraph that knows the enum.
 */
function withMembers(document: DocumentNode): DocumentNode {
  const types = document.definitions.filter(isTypeDefinitionNode)
  const graphsOf = new Map(types.map((node) => [node.name.value, joinedIn(node)]))
  const edited = (node: DefinitionNode) => {
    if (node.kind === Kind.UNION_TYPE_DEFINITION) return withUnionMembers(node, graphsOf)
    return node.kind === Kind.ENUM_TYPE_DEFINITION ? withEnumValues(node, graphsOf) : node
  }
  return { ...document, definitions: document.definitions.map(edited) }
}
