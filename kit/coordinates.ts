import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInputType,
  Kind,
  TypeInfo,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql'

/**
 * Everything of a schema that a document depends on, as schema coordinates: types, fields, arguments
 * it gives, and of what it may send or get any input field and enum value. Fields of an interface
 * count for each type that has them. What the schema does not have is left out.
 */
export function coordinatesIn(schema: GraphQLSchema, document: DocumentNode): Set<string> {
  const used = new Set<string>()
  const types = new TypeInfo(schema)
  visit(
    document,
    visitWithTypeInfo(types, {
      [Kind.FIELD]: () => {
        const parent = types.getParentType()
        const field = types.getFieldDef()
        if (!parent || !field || field.name.startsWith('__')) return
        const owners = isAbstractType(parent)
          ? [parent, ...schema.getPossibleTypes(parent)]
          : [parent]
        for (const { name } of owners) used.add(`${name}.${field.name}`)
        addOutput(used, getNamedType(field.type))
      },
      [Kind.ARGUMENT]: () => {
        const [parent, field, argument] = [
          types.getParentType(),
          types.getFieldDef(),
          types.getArgument(),
        ]
        if (parent && field && argument) used.add(`${parent.name}.${field.name}.${argument.name}`)
        if (argument) addInput(used, argument.type)
      },
      [Kind.VARIABLE_DEFINITION]: ({ type }) => {
        const input = typeFromAST(schema, type)
        if (isInputType(input)) addInput(used, input)
      },
      [Kind.NAMED_TYPE]: ({ name }) => {
        if (schema.getType(name.value)) used.add(name.value)
      },
    }),
  )
  return used
}

function addOutput(used: Set<string>, type: GraphQLNamedType): void {
  used.add(type.name)
  if (isEnumType(type)) for (const { name } of type.getValues()) used.add(`${type.name}.${name}`)
}

/** Whoever sends a variable may fill in whatever there is. */
function addInput(used: Set<string>, wrapped: GraphQLInputType | GraphQLNamedType): void {
  const type = getNamedType(wrapped)
  if (used.has(type.name)) return
  addOutput(used, type)
  if (!isInputObjectType(type)) return
  for (const field of Object.values(type.getFields())) {
    used.add(`${type.name}.${field.name}`)
    addInput(used, field.type)
  }
}
