import {
  type FieldDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql'
import { usesOf } from '../supergraph/directives.ts'

/** The name of the type that a field returns; undefined for a field that is not there. */
export type TypeOfField = (type: string, field: string) => string | undefined

/**
 * What `@requires` reads of other subgraphs to answer a field, as pairs of type and field: the
 * answer may tell it, so what guards them guards the field.
 */
export function requiredBy(
  type: string,
  field: FieldDefinitionNode,
  typeOfField: TypeOfField,
): readonly (readonly [string, string])[] {
  return usesOf(field, 'join__field').flatMap(({ requires }) =>
    typeof requires === 'string' ? fieldsIn(selectionOf(requires), type, typeOfField) : [],
  )
}

function selectionOf(fieldSet: string): SelectionSetNode {
  const [operation] = parse(`{ ${fieldSet} }`, { noLocation: true }).definitions
  // The text is in braces, so it is one operation or does not parse.
  return (operation as OperationDefinitionNode).selectionSet
}

const fieldsIn = (
  { selections }: SelectionSetNode,
  type: string,
  typeOfField: TypeOfField,
): (readonly [string, string])[] =>
  selections.flatMap((node) => {
    if (node.kind === Kind.FRAGMENT_SPREAD) return []
    if (node.kind === Kind.INLINE_FRAGMENT)
      return fieldsIn(node.selectionSet, node.typeCondition?.name.value ?? type, typeOfField)
    const name = node.name.value
    const inner = typeOfField(type, name)
    const below =
      node.selectionSet && inner !== undefined
        ? fieldsIn(node.selectionSet, inner, typeOfField)
        : []
    return [[type, name] as const, ...below]
  })
