import {
  type ConstDirectiveNode,
  type DocumentNode,
  isTypeDefinitionNode,
  Kind,
  specifiedScalarTypes,
  type TypeDefinitionNode,
  type TypeNode,
} from 'graphql'
import { namedTypeOf } from '#kit/document/named-type'
import type { Carrier } from './directives.ts'

type Named = Carrier & { readonly place: string; readonly types: readonly TypeNode[] }

/** What stands in a supergraph under a name that it does not define; composition leaves nothing so. */
export function referenceFaults(
  { definitions }: DocumentNode,
  subgraphNames: ReadonlyMap<string, string>,
): string[] {
  const types = definitions.filter(isTypeDefinitionNode)
  const known = new Set([...types, ...specifiedScalarTypes.map(builtIn)].map(nameOf))
  return types.flatMap(placesIn).flatMap(({ place, types, directives }) => [
    ...types
      .map(namedTypeOf)
      .filter((name) => !known.has(name))
      .map((name) => `${place} names the type ${name}, which is nowhere.`),
    ...(directives ?? [])
      .flatMap(graphsIn)
      .filter((graph) => !subgraphNames.has(graph))
      .map((graph) => `${place} is in ${graph}, which join__Graph does not have.`),
  ])
}

const nameOf = ({ name }: { readonly name: { readonly value: string } }) => name.value
const builtIn = ({ name }: { readonly name: string }) => ({ name: { value: name } })

const graphsIn = ({ name, arguments: given = [] }: ConstDirectiveNode): string[] =>
  given.flatMap((one) =>
    one.name.value === 'graph' && one.value.kind === Kind.ENUM && name.value.startsWith('join__')
      ? [one.value.value]
      : [],
  )

/** A type, its fields and their arguments, each with the types that it names. */
function placesIn(node: TypeDefinitionNode): Named[] {
  const place = node.name.value
  const { directives } = node
  const interfaces = 'interfaces' in node ? (node.interfaces ?? []) : []
  const members = node.kind === Kind.UNION_TYPE_DEFINITION ? (node.types ?? []) : []
  const own: Named = { place, directives, types: [...interfaces, ...members] }
  if (node.kind === Kind.ENUM_TYPE_DEFINITION)
    return [own, ...(node.values ?? []).map((value) => placeOf(place, value, []))]
  const fields = 'fields' in node ? (node.fields ?? []) : []
  return [
    own,
    ...fields.map((field) => {
      const given = 'arguments' in field ? (field.arguments ?? []) : []
      return placeOf(place, field, [field.type, ...given.map(({ type }) => type)])
    }),
  ]
}

const placeOf = (
  parent: string,
  node: Carrier & { readonly name: { readonly value: string } },
  types: readonly TypeNode[],
): Named => ({ place: `${parent}.${nameOf(node)}`, directives: node.directives, types })
