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
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

/** A field that was taken out: what it is called in the schema and in the client's answer. */
export type DeniedField = { readonly field: string; readonly responseName: string }

/** Where, below one object of the answer, denied fields are. Holds only the branches that lead to one. */
export type Denials = {
  readonly denied: ReadonlyMap<Placeholder, DeniedField>
  readonly below: ReadonlyMap<
    ResponseName,
    { readonly type: GraphQLOutputType; readonly denials: Denials }
  >
}

type Placeholder = string
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
  readonly placeholders: ReadonlyMap<Placeholder, DeniedField>
}

export const isEmpty = ({ denied, below }: Denials): boolean => denied.size + below.size === 0

export const responseNameOf = ({ alias, name }: FieldNode): string => (alias ?? name).value

/** The places of `placeholders` in an operation; they merge where fields of one response name do. */
export function denialsIn(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  { document, placeholders }: { document: DocumentNode; placeholders: Context['placeholders'] },
): Denials {
  const fragments = new Map(
    document.definitions
      .filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  )
  const root = schema.getRootType(operation.operation) ?? undefined
  return below({ schema, fragments, placeholders }, [
    { type: root, selectionSet: operation.selectionSet },
  ])
}

/** Validation allows one response name only one shape of lists and nulls, on whatever types it stands. */
function below(context: Context, places: readonly Place[]): Denials {
  const denied = new Map<Placeholder, DeniedField>()
  const branches = new Map<ResponseName, Branch>()
  const seen = new Set<string>()
  for (const { parent, node } of places.flatMap((place) => fieldsOf(context, place, seen))) {
    const name = responseNameOf(node)
    const taken = context.placeholders.get(name)
    if (taken) denied.set(name, taken)
    const type = fieldTypeOf(parent, node)
    if (!type || !node.selectionSet) continue
    const branch = branches.get(name) ?? { type, places: [] }
    branch.places.push({ type: getNamedType(type), selectionSet: node.selectionSet })
    branches.set(name, branch)
  }
  return { denied, below: leadingToOne(context, branches) }
}

const leadingToOne = (context: Context, branches: ReadonlyMap<ResponseName, Branch>) =>
  new Map(
    [...branches]
      .map(([name, { type, places }]) => [name, { type, denials: below(context, places) }] as const)
      .filter(([, { denials }]) => !isEmpty(denials)),
  )

/** The fields of one place, through its fragments; a fragment that was seen adds nothing the second time. */
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
