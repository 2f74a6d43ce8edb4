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
import { coordinate, type Rule, type Rules } from './rules.ts'

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
 * Calls `edit` for each field with the name of its parent type; what it returns takes the field's
 * place.
 */
export function editFields(
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
