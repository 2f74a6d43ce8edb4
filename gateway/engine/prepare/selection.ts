import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { fragmentsIn } from '#kit/document/operation'
import { isIncluded, type Truths } from './conditions.ts'
import type { Keys } from './keys.ts'

/** Who answers a field of the client's. */
export type Origin = 'subgraph' | 'introspection' | 'typename' | 'denied'

/** A field as the client asked for it. */
export type Field = {
  readonly kind: 'field'
  readonly origin: Origin
  readonly responseName: string
  readonly name: string
  /** Where its value stands in the merged answers. */
  readonly key: string
  readonly args: readonly ArgumentNode[]
  /** The type on which it was asked for. */
  readonly parent: string
  readonly type: GraphQLOutputType | null
  readonly node: FieldNode
  readonly sub: readonly Selection[] | null
}

/** What was asked only of objects of one type. */
export type Narrowed = {
  readonly kind: 'on'
  readonly type: string
  readonly sub: readonly Selection[]
}

/** A selection without fragment spreads and without conditions. */
export type Selection = Field | Narrowed

export type Reading = {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly truths: Truths
  readonly keys: Keys
  readonly isDenied: (parent: string, field: string) => boolean
}

type Reader = Reading & { readonly fragments: ReadonlyMap<string, FragmentDefinitionNode> }

/** The operation's selections under one set of conditions, in the order of the text. */
export function selectionsOf(
  reading: Reading,
  { operation, selectionSet }: OperationDefinitionNode,
): readonly Selection[] {
  const fragments = fragmentsIn(reading.document)
  const root = reading.schema.getRootType(operation)
  return root ? readSet({ ...reading, fragments }, selectionSet, placeOf(root.name)) : []
}

/** `seen` holds the fragments that were spread here, or for a wider type around it. */
type Place = { readonly type: string; readonly seen: Set<string> }

const placeOf = (type: string): Place => ({ type, seen: new Set() })

const readSet = (reader: Reader, { selections }: SelectionSetNode, place: Place): Selection[] =>
  selections
    .filter((node) => isIncluded(node, reader.truths))
    .flatMap((node) => readNode(reader, node, place))

function readNode(reader: Reader, node: SelectionNode, place: Place): Selection[] {
  if (node.kind === Kind.FIELD) return [fieldFrom(reader, node, place.type)]
  const fragment =
    node.kind === Kind.INLINE_FRAGMENT ? node : unseen(reader, node.name.value, place)
  if (!fragment) return []
  const type = fragment.typeCondition?.name.value ?? place.type
  if (type === place.type) return readSet(reader, fragment.selectionSet, place)
  const narrowed = { type, seen: new Set(place.seen) }
  return [{ kind: 'on', type, sub: readSet(reader, fragment.selectionSet, narrowed) }]
}

/** A fragment that has been spread here already adds nothing. */
function unseen({ fragments }: Reader, name: string, { seen }: Place) {
  if (seen.has(name)) return undefined
  seen.add(name)
  return fragments.get(name)
}

function fieldFrom(reader: Reader, node: FieldNode, parent: string): Field {
  const name = node.name.value
  const args = node.arguments ?? []
  const type = fieldTypeOf(reader.schema, parent, name)
  const named = type && getNamedType(type)
  return {
    kind: 'field',
    origin: originOf(reader, parent, name),
    responseName: (node.alias ?? node.name).value,
    ...{ name, args, parent, type, node },
    key: keyFrom(reader, node, parent),
    sub:
      node.selectionSet && named ? readSet(reader, node.selectionSet, placeOf(named.name)) : null,
  }
}

function keyFrom({ keys, schema }: Reader, node: FieldNode, parent: string): string {
  const { name, alias, arguments: args = [], selectionSet } = node
  const responseName = (alias ?? name).value
  if (parent === schema.getMutationType()?.name) return keys.keyFor('', responseName)
  const key = keys.keyOf(parent, name.value, args)
  return selectionSet && responseName !== name.value ? keys.keyFor(key, responseName) : key
}

function originOf({ isDenied }: Reader, parent: string, name: string): Origin {
  if (name === '__typename') return 'typename'
  if (name === '__schema' || name === '__type') return 'introspection'
  return isDenied(parent, name) ? 'denied' : 'subgraph'
}

/** Null for introspection's own fields. */
function fieldTypeOf(schema: GraphQLSchema, parent: string, name: string) {
  const type = schema.getType(parent)
  return isObjectType(type) || isInterfaceType(type) ? (type.getFields()[name]?.type ?? null) : null
}
