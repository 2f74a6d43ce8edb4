import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import { type Denials, type DeniedField, denialsIn, responseNameOf } from './denials.ts'
import { coordinate, type Rule, type Rules } from './rules.ts'

/** Clients may not use such aliases (admission refuses them), so a placeholder collides with nothing. */
const placeholderPrefix = '__denied_'

export type Guarded = { readonly schema: GraphQLSchema; readonly rules: Rules }

/** One operation and its fragments. */
type Single = { readonly document: DocumentNode; readonly operation: OperationDefinitionNode }

/** The document with only the operation that runs: the others' fields are nobody's concern. */
export function single(document: DocumentNode, operation: OperationDefinitionNode): Single {
  const definitions = document.definitions.filter(
    (node) => node === operation || node.kind === Kind.FRAGMENT_DEFINITION,
  )
  return { document: { ...document, definitions }, operation }
}

/** The rules that an operation touches, each once, in a stable order. */
export function rulesIn({ schema, rules }: Guarded, { document }: Single): readonly Rule[] {
  const touched = new Set<Rule>()
  editFields(schema, document, (parent, node) => {
    const rule = rules.get(coordinate(parent, node.name.value))
    if (rule) touched.add(rule)
    return undefined
  })
  return [...touched]
}

/**
 * The operation without its denied fields. Each becomes a `__typename` under a placeholder at the same place:
 * it keeps the order of keys and `@skip`, costs no subgraph anything, and tells the object's type.
 */
export function withoutDenied(
  { schema, rules }: Guarded,
  { document }: Single,
  denied: ReadonlySet<Rule>,
): { readonly document: DocumentNode; readonly denials: Denials } {
  const placeholders = new Map<string, DeniedField>()
  const filtered = editFields(schema, document, (parent, node) => {
    const rule = rules.get(coordinate(parent, node.name.value))
    if (!rule || !denied.has(rule)) return undefined
    const alias = `${placeholderPrefix}${placeholders.size}`
    placeholders.set(alias, { field: node.name.value, responseName: responseNameOf(node) })
    return placeholderFor(node, alias)
  })
  const operation = filtered.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)
  if (!operation) throw new Error('A single document has an operation.')
  return {
    document: filtered,
    denials: denialsIn(schema, operation, { document: filtered, placeholders }),
  }
}

/** Calls `edit` for each field with the name of its parent type; what it returns takes the field's place. */
function editFields(
  schema: GraphQLSchema,
  document: DocumentNode,
  edit: (parent: string, node: FieldNode) => FieldNode | undefined,
): DocumentNode {
  const types = new TypeInfo(schema)
  return visit(
    document,
    visitWithTypeInfo(types, {
      [Kind.FIELD]: (node: FieldNode) => {
        const parent = types.getParentType()
        return parent ? edit(parent.name, node) : undefined
      },
    }),
  )
}

const placeholderFor = ({ directives = [] }: FieldNode, alias: string): FieldNode => ({
  kind: Kind.FIELD,
  alias: { kind: Kind.NAME, value: alias },
  name: { kind: Kind.NAME, value: '__typename' },
  directives,
})
