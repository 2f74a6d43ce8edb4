import {
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  type OperationDefinitionNode,
} from 'graphql'
import type { OperationRequest } from '../engine.ts'
import { conditionVariablesIn, type Truths } from './conditions.ts'
import type { Operation } from './index.ts'
import type { Composed } from './scalar-literals.ts'

/** What a client gave for the variables, or what is wrong with it. */
export type Given =
  | { readonly truths: Truths; readonly request: OperationRequest }
  | { readonly errors: readonly GraphQLError[]; readonly data?: null }

export type Reader = {
  readonly read: (request: OperationRequest) => Given
  /** Variables decide which selections there are. */
  readonly hasConditions: boolean
}

type Reading = {
  readonly schema: GraphQLSchema
  /** As the client wrote it: errors speak of its variables. */
  readonly definition: OperationDefinitionNode
  readonly composed: readonly Composed[]
}

const noTruths: Truths = new Map()

/** A variable with a default may be null all the same. Source: GraphQL, September 2025, 5.8.5. */
const mustDecide = ({ variableDefinitions = [] }: OperationDefinitionNode, name: string) =>
  new GraphQLError('Argument "if" of non-null type "Boolean!" must not be null.', {
    nodes: variableDefinitions.filter(({ variable }) => variable.name.value === name),
  })

export function readerOf(reading: Reading, { document }: Operation): Reader {
  const { schema, definition, composed } = reading
  const conditions = conditionVariablesIn(document)
  const definitions = definition.variableDefinitions ?? []
  const read = (request: OperationRequest): Given => {
    if (definitions.length === 0) return { truths: noTruths, request }
    const { errors, coerced } = getVariableValues(schema, definitions, request.variables)
    if (errors) return { errors }
    const undecided = conditions.find((name) => coerced[name] === null)
    if (undecided !== undefined) return { data: null, errors: [mustDecide(definition, undecided)] }
    const truths =
      conditions.length === 0
        ? noTruths
        : new Map(conditions.map((name) => [name, coerced[name] === true]))
    return { truths, request: composed.length === 0 ? request : withValues(request, coerced) }
  }
  const withValues = (request: OperationRequest, coerced: Readonly<Record<string, unknown>>) => {
    const values = composed.map(({ name, composedOf }) => [name, composedOf(coerced)])
    return { ...request, variables: { ...request.variables, ...Object.fromEntries(values) } }
  }
  return { read, hasConditions: conditions.length > 0 }
}
