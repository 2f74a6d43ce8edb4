import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  isScalarType,
  isSpecifiedScalarType,
  Kind,
  parseType,
  TypeInfo,
  type ValueNode,
  type VariableDefinitionNode,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import { freeName, variablesIn } from './variables.ts'

/** A value of a scalar of the graph's own that is put together of variables. */
export type Composed = {
  readonly name: string
  readonly composedOf: (coerced: Readonly<Record<string, unknown>>) => unknown
}

export type WithComposed = {
  readonly document: DocumentNode
  readonly composed: readonly Composed[]
}

/**
 * Variables inside a literal of such a scalar may be of types that its subgraph does not know: the
 * whole literal becomes one variable of the scalar. Source: GraphQL, September 2025, 5.8.5.
 */
export function withComposed(schema: GraphQLSchema, document: DocumentNode): WithComposed {
  const composed: Composed[] = []
  const definitions: VariableDefinitionNode[] = []
  const taken = variablesIn(document)
  const types = new TypeInfo(schema)
  const replace = (node: ValueNode) => {
    const type = types.getInputType()
    if (!isOwnScalar(type) || variablesIn(node).size === 0) return undefined
    const name = freeName(taken, `_s${composed.length}`)
    composed.push({ name, composedOf: (coerced) => valueFromASTUntyped(node, { ...coerced }) })
    definitions.push(definitionOf(name, String(type)))
    return variableOf(name)
  }
  const rewritten = visit(
    document,
    visitWithTypeInfo(types, { [Kind.OBJECT]: replace, [Kind.LIST]: replace }),
  )
  if (composed.length === 0) return { document, composed }
  return {
    composed,
    document: visit(rewritten, {
      [Kind.OPERATION_DEFINITION]: (node) => ({
        ...node,
        variableDefinitions: [...(node.variableDefinitions ?? []), ...definitions],
      }),
    }),
  }
}

const isOwnScalar = (type: GraphQLInputType | null | undefined): boolean => {
  const nullable = type && getNullableType(type)
  return isScalarType(nullable) && !isSpecifiedScalarType(nullable)
}

const variableOf = (name: string) =>
  ({ kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } }) as const

const definitionOf = (name: string, type: string): VariableDefinitionNode => ({
  kind: Kind.VARIABLE_DEFINITION,
  variable: variableOf(name),
  type: parseType(type, { noLocation: true }),
})
