import {
  type DocumentNode,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  Kind,
  typeFromAST,
  type VariableDefinitionNode,
  valueFromASTUntyped,
} from 'graphql'
import { plainText } from '../plain-text.ts'
import { enumSchemaOf, scalarSchemaOf } from './scalars.ts'
import { type Json, type JsonSchema, nullable, type ObjectSchema, objectOf } from './schema.ts'

/**
 * What the variables of a document's one operation may be: a JSON object. Throws when one is of a
 * type that the schema does not have.
 */
export function variablesSchemaOf(schema: GraphQLSchema, { definitions }: DocumentNode) {
  const operation = definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('There is no operation.')
  const variables = operation.variableDefinitions ?? []
  return objectOf(variables.map((variable) => memberOf(schema, variable)))
}

function memberOf(schema: GraphQLSchema, node: VariableDefinitionNode) {
  const { variable, type: typeNode, defaultValue, description } = node
  const name = variable.name.value
  const type = inputTypeOf(schema, typeNode)
  if (!type) throw new Error(`Variable $${name} is of no type of the graph.`)
  const value = defaultValue && { default: jsonOf(valueFromASTUntyped(defaultValue)) }
  const words = description && { description: plainText(description.value) }
  const member = { ...schemaOf(type, []), ...value, ...words }
  return [name, member, isNonNullType(type) && !defaultValue] as const
}

/** The type of a variable; undefined where the schema has none of that name. */
// `typeFromAST` is overloaded by kinds of nodes; which kind this one is, is not known here.
export const inputTypeOf = (schema: GraphQLSchema, node: VariableDefinitionNode['type']) =>
  typeFromAST(schema, node as Parameters<typeof typeFromAST>[1]) as GraphQLInputType | undefined

/** A constant of a document has no undefined, and numbers that JSON has. */
const jsonOf = (value: unknown) => value as Json

/** `above` are the input types that this one is within: one that has itself is told of once. */
function schemaOf(type: GraphQLInputType, above: readonly string[]): JsonSchema {
  if (isNonNullType(type)) return presentOf(type.ofType, above)
  return nullable(presentOf(type, above))
}

function presentOf(type: GraphQLInputType, above: readonly string[]): JsonSchema {
  if (isNonNullType(type)) return presentOf(type.ofType, above)
  if (isListType(type)) return { type: 'array', items: schemaOf(type.ofType, above) }
  if (isEnumType(type)) return enumSchemaOf(type)
  if (!isInputObjectType(type)) return scalarSchemaOf(type)
  if (above.includes(type.name)) return { type: 'object', description: `A ${type.name} as above.` }
  const fields = Object.values(type.getFields())
  return inputOf(fields, [...above, type.name], type.isOneOf)
}

function inputOf(
  fields: readonly GraphQLInputField[],
  above: readonly string[],
  isOneOf: boolean,
): JsonSchema {
  const members: ObjectSchema = objectOf(
    fields.map((field) => [field.name, fieldOf(field, above), isRequiredInputField(field)]),
  )
  return isOneOf ? { ...members, minProperties: 1, maxProperties: 1 } : members
}

const fieldOf = (field: GraphQLInputField, above: readonly string[]): JsonSchema => ({
  ...schemaOf(field.type, above),
  ...(field.defaultValue !== undefined && { default: jsonOf(field.defaultValue) }),
  ...(field.description && { description: plainText(field.description) }),
})
