import type { EnumTypeDefinitionNode, UnionTypeDefinitionNode } from 'graphql'
import { usesOf } from './directives.ts'
import { joinOf } from './join.ts'

export type Graphs = ReadonlyMap<string, Iterable<string>>

/** The union, with the subgraphs of each member; as it is when it names them already. */
export function withUnionMembers(
  node: UnionTypeDefinitionNode,
  graphsOf: Graphs,
): UnionTypeDefinitionNode {
  if (usesOf(node, 'join__unionMember').length > 0) return node
  const own = [...(graphsOf.get(node.name.value) ?? [])]
  const members = (node.types ?? []).flatMap(({ name }) => {
    const theirs = new Set(graphsOf.get(name.value) ?? [])
    return own
      .filter((graph) => theirs.has(graph))
      .map((graph) => joinOf('unionMember', { graph, member: name.value }))
  })
  return { ...node, directives: [...(node.directives ?? []), ...members] }
}

/** The enum, with the subgraphs of each value; a value that names them already stays as it is. */
export function withEnumValues(
  node: EnumTypeDefinitionNode,
  graphsOf: Graphs,
): EnumTypeDefinitionNode {
  const joins = [...new Set(graphsOf.get(node.name.value) ?? [])].map((graph) =>
    joinOf('enumValue', { graph }),
  )
  const values = (node.values ?? []).map((value) =>
    usesOf(value, 'join__enumValue').length > 0
      ? value
      : { ...value, directives: [...(value.directives ?? []), ...joins] },
  )
  return { ...node, values }
}
