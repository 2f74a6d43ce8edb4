import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql'
import { fragmentsIn } from '#kit/document/operation'

/** What stands behind an alias of our own in the answer of the subgraphs. */
export type Placeholder =
  /** A field that was taken out, and what it is called in the client's answer. */
  | { readonly kind: 'denied'; readonly field: string; readonly responseName: string }
  /** A field that goes by another name until then. */
  | { readonly kind: 'renamed'; readonly responseName: string }
  /** Something that the client did not ask for. */
  | { readonly kind: 'padding' }

/**
 * Where, in and below one object of the answer, placeholders are. Holds only the branches that lead
 * to one.
 */
export type Edits = {
  readonly here: ReadonlyMap<Alias, Placeholder>
  readonly below: ReadonlyMap<
    ResponseName,
    { readonly type: GraphQLOutputType; readonly edits: Edits }
  >
}

type Alias = string
type ResponseName = string
type Place = {
  readonly type: GraphQLNamedType | undefined
  readonly selectionSet: SelectionSetNode
}
type Branch = { readonly type: GraphQLOutputType; readonly places: Place[] }
type Field = { readonly parent: GraphQLNamedType | undefined; readonly node: FieldNode }

type Context = {
  readonly schema: GraphQLSchema
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly placeholders: ReadonlyMap<Alias, Placeholder>
}

export const isEmpty = ({ here, below }: Edits): boolean => here.size + below.size === 0

export const responseNameOf = ({ alias, name }: FieldNode): string => (alias ?? name).value

/**
 * The places of `placeholders` in a document of one operation; they merge where fields of one name
 * do.
 */
export function editsIn(
  schema: GraphQLSchema,
  document: DocumentNode,
  placeholders: ReadonlyMap<Alias, Placeholder>,
): Edits {
  const fragments = fragmentsIn(document)
  const roots = document.definitions
    .filter((node) => node.kind === Kind.OPERATION_DEFINITION)
    .map(({ operation, selectionSet }) => ({
      type: schema.getRootType(operation) ?? undefined,
      selectionSet,
    }))
  return below({ schema, fragments, placeholders }, roots)
}

/**
 * Validation allows one response name only one shape of lists and nulls, on whatever types it
 * stands.
 */
function below(context: Context, places: readonly Place[]): Edits {
  const here = new Map<Alias, Placeholder>()
  const branches = new Map<ResponseName, Branch>()
  const seen = new Set<string>()
  for (const { parent, node } of places.flatMap((place) => fieldsOf(context, place, seen))) {
    const name = responseNameOf(node)
    const placeholder = context.placeholders.get(name)
    if (placeholder) here.set(name, placeholder)
    const type = fieldTypeOf(parent, node)
    if (!type || !node.selectionSet) continue
    const branch = branches.get(name) ?? { type, places: [] }
    branch.places.push({ type: getNamedType(type), selectionSet: node.selectionSet })
    branches.set(name, branch)
  }
  return { here, below: leadingToOne(context, branches) }
}

const leadingToOne = (context: Context, branches: ReadonlyMap<ResponseName, Branch>) =>
  new Map(
    [...branches]
      .map(([name, { type, places }]) => [name, { type, edits: below(context, places) }] as const)
      .filter(([, { edits }]) => !isEmpty(edits)),
  )

/**
 * The fields of one place, through its fragments; a fragment that was seen adds nothing the second
 * time.
 */
const fieldsOf = (context: Context, { type, selectionSet }: Place, seen: Set<string>): Field[] =>
  selectionSet.selections.flatMap((node) => {
    if (node.kind === Kind.FIELD) return [{ parent: type, node }]
    const fragment =
      node.kind === Kind.INLINE_FRAGMENT ? node : unseen(context, node.name.value, seen)
    if (!fragment) return []
    const condition = fragment.typeCondition?.name.value
    const narrowed = condition === undefined ? type : context.schema.getType(condition)
    return fieldsOf(context, { type: narrowed, selectionSet: fragment.selectionSet }, seen)
  })

function unseen({ fragments }: Context, name: string, seen: Set<string>) {
  if (seen.has(name)) return undefined
  seen.add(name)
  return fragments.get(name)
}

const fieldTypeOf = (parent: GraphQLNamedType | undefined, { name }: FieldNode) =>
  isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name.value]?.type : undefined
