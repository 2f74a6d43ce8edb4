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
import { type Placeholder, responseNameOf } from '../stitched/edits.ts'
import { coordinate, type Rule, type Rules } from './rules.ts'

/**
 * Clients may not use such aliases (admission refuses them), so a placeholder collides with
 * nothing.
 */
const placeholderPrefix = '__denied_'

export type Guarded = { readonly schema: GraphQLSchema; readonly rules: Rules }

/** The document with only the operation that runs: the others' fields are nobody's concern. */
export const onlyOperation = (
  document: DocumentNode,
  operation: OperationDefinitionNode,
): DocumentNode => ({
  ...document,
  definitions: document.definitions.filter(
    (node) => node === operation || node.kind === Kind.FRAGMENT_DEFINITION,
  ),
})

/** The rules that an operation touches, each once, in a stable order. */
export function rulesIn({ schema, rules }: Guarded, document: DocumentNode): readonly Rule[] {
  const touched = new Set<Rule>()
  editFields(schema, document, (parent, node) => {
    const rule = rules.get(coordinate(parent, node.name.value))
    if (rule) touched.add(rule)
    return undefined
  })
  return [...touched]
}

/** Every field that an operation names, as `Type.field`. */
export function fieldsIn(schema: GraphQLSchema, document: DocumentNode): ReadonlySet<string> {
  const fields = new Set<string>()
  editFields(schema, document, (parent, { name }) => {
    if (!name.value.startsWith('__')) fields.add(coordinate(parent, name.value))
    return undefined
  })
  return fields
}

/**
 * The operation without its denied fields. Each becomes a `__typename` under a placeholder at the
 * same place: it keeps the order of keys and `@skip`, costs no subgraph anything, and tells the
 * object's type.
 */
export function withoutDenied(
  { schema, rules }: Guarded,
  document: DocumentNode,
  denied: ReadonlySet<Rule>,
): { readonly document: DocumentNode; readonly placeholders: ReadonlyMap<string, Placeholder> } {
  const placeholders = new Map<string, Placeholder>()
  const filtered = editFields(schema, document, (parent, node) => {
    const rule = rules.get(coordinate(parent, node.name.value))
    if (!rule || !denied.has(rule)) return undefined
    const alias = `${placeholderPrefix}${placeholders.size}`
    const responseName = responseNameOf(node)
    placeholders.set(alias, { kind: 'denied', field: node.name.value, responseName })
    return placeholderFor(node, alias)
  })
  return { document: filtered, placeholders }
}

/**
 * Calls `edit` for each field with the name of its parent type; what it returns takes the field's
 * place.
 */
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
