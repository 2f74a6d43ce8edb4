import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { fragmentsIn } from '#kit/document/operation'
import type { Reads, Scope } from '../../reads.ts'
import { coordinate, type Rules } from '../authorize/rules.ts'
import type { CacheHint, CacheHints } from '../supergraph/cache-hints.ts'

export type Reading = {
  readonly schema: GraphQLSchema
  readonly rules: Rules
  readonly hints: CacheHints
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>

/** A field of an operation on one of the types that it is asked of. */
type Place = {
  readonly parent: GraphQLObjectType
  readonly node: FieldNode
  readonly type: GraphQLOutputType
  readonly isRoot: boolean
  /** Whether it is one of many, or gives many. */
  readonly isListed: boolean
}

/** What a valid query reads. The document is of this one operation and its fragments. */
export function readsOf(
  reading: Reading,
  document: DocumentNode,
  { operation, selectionSet }: OperationDefinitionNode,
): Reads {
  const fragments = fragmentsIn(document)
  const root = reading.schema.getRootType(operation)
  const places = root ? placesIn({ ...reading, fragments }, selectionSet, [root]) : []
  const composite = places.filter(({ node }) => node.selectionSet)
  const typesOf = (some: readonly Place[]) =>
    new Set(some.flatMap(({ type }) => objectsOf(reading.schema, type)).map(({ name }) => name))
  return {
    fields: new Set(places.map(({ parent, node }) => coordinate(parent.name, node.name.value))),
    types: typesOf(composite.filter((place) => isOpenEnded(place, reading, fragments))),
    rootTypes: typesOf(composite.filter(({ isRoot }) => isRoot)),
    ...freshnessOf(places.map((place) => seenAt(place, reading))),
    graph: reading.hints.graph,
  }
}

type Walking = Pick<Reading, 'schema'> & { readonly fragments: Fragments }

/** Every field on every type that may have it, each once. */
function placesIn(
  { schema, fragments }: Walking,
  top: SelectionSetNode,
  roots: readonly GraphQLObjectType[],
): Place[] {
  const places: Place[] = []
  const known = new Map<FieldNode, Set<string>>()
  const walk = (
    set: SelectionSetNode,
    parents: readonly GraphQLObjectType[],
    isListed: boolean,
  ) => {
    for (const node of fieldsIn(set, fragments))
      for (const parent of parents) {
        const field = parent.getFields()[node.name.value]
        const seen = known.get(node) ?? new Set()
        const mark = `${parent.name} ${isListed}`
        if (!field || seen.has(mark)) continue
        known.set(node, seen.add(mark))
        const { type } = field
        const listed = isListed || holdsList(type)
        places.push({ parent, node, type, isRoot: set === top, isListed: listed })
        if (node.selectionSet) walk(node.selectionSet, objectsOf(schema, type), listed)
      }
  }
  walk(top, roots, false)
  return places
}

/** The fields of a selection, whichever fragment they stand in. */
function fieldsIn({ selections }: SelectionSetNode, fragments: Fragments): readonly FieldNode[] {
  return selections.flatMap((node) => {
    if (node.kind === Kind.FIELD) return [node]
    const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value)
    return fragment ? fieldsIn(fragment.selectionSet, fragments) : []
  })
}

const holdsList = (type: GraphQLOutputType): boolean =>
  isListType(type) || (isNonNullType(type) && holdsList(type.ofType))

function objectsOf(schema: GraphQLSchema, type: GraphQLOutputType): readonly GraphQLObjectType[] {
  const named = getNamedType(type)
  if (isAbstractType(named)) return schema.getPossibleTypes(named)
  return isObjectType(named) ? [named] : []
}

/** True where an object may come in that is not in the answer, or one that the answer does not name. */
function isOpenEnded(
  { node, type, isRoot, isListed }: Place,
  { schema }: Reading,
  fragments: Fragments,
): boolean {
  if (isListed || (!isRoot && !isNonNullType(type))) return true
  const hasId = objectsOf(schema, type).some((one) => one.getFields().id)
  const { selectionSet } = node
  const isNamed = selectionSet && fieldsIn(selectionSet, fragments).some(isPlainId)
  return hasId && !isNamed
}

const isPlainId = ({ name, alias }: FieldNode) => name.value === 'id' && !alias

/** What is said of a field that is read. */
type Seen = {
  readonly isRoot: boolean
  readonly isGuarded: boolean
  readonly own: readonly CacheHint[]
  /** Of the types that it gives. */
  readonly given: readonly CacheHint[]
}

function seenAt({ parent, node, type, isRoot }: Place, { schema, rules, hints }: Reading): Seen {
  const names = [parent, ...parent.getInterfaces()].map(({ name }) =>
    coordinate(name, node.name.value),
  )
  const named = getNamedType(type)
  const given = [...objectsOf(schema, type), ...(isInterfaceType(named) ? [named] : [])]
  const found = (keys: readonly string[]) => keys.flatMap((key) => hints.rows.get(key) ?? [])
  return {
    isRoot,
    isGuarded: names.some((name) => rules.has(name)),
    own: found(names),
    given: found(given.map(({ name }) => name)),
  }
}

/**
 * A field is as fresh as what leads to it, unless it or the type that it gives says less. One that
 * nothing leads to, or that a rule guards, has to say for how long it may be kept.
 */
function freshnessOf(seen: readonly Seen[]): Pick<Reads, 'maxAge' | 'isOpen' | 'scope'> {
  const ages = seen.flatMap(({ own, given, isRoot, isGuarded }) => {
    const said = agesIn(own)
    if (said.length > 0) return said
    return isRoot || isGuarded ? [0] : agesIn(given)
  })
  return {
    maxAge: ages.length > 0 ? Math.min(...ages) : 0,
    isOpen: seen.every(({ isGuarded }) => !isGuarded),
    scope: scopeOf(seen),
  }
}

const agesIn = (hints: readonly CacheHint[]) => hints.flatMap(({ maxAge }) => maxAge ?? [])

/**
 * An open field may show a person more of their own than it shows others, so only a guarded one is
 * taken at its word that it is the same for all whom its rules admit.
 */
function scopeOf(seen: readonly Seen[]): Scope {
  const isPrivate = ({ own, given }: Seen) =>
    [...own, ...given].some(({ scope }) => scope === 'PRIVATE')
  if (seen.some(isPrivate)) return 'person'
  if (seen.every(({ isGuarded }) => !isGuarded)) return 'everybody'
  const isShared = ({ isRoot, isGuarded, own }: Seen) =>
    (!isRoot && !isGuarded) || (isGuarded && own.some(({ scope }) => scope === 'PUBLIC'))
  return seen.every(isShared) ? 'variant' : 'person'
}
