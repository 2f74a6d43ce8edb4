import { createHash } from 'node:crypto'
import {
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  validate,
} from 'graphql'
import { numberOf } from '#kit/cost/amount'
import { costPlanOf } from '#kit/cost/plan'
import type { Weights } from '#kit/cost/weights'
import { descriptionOf } from '#kit/document/description'
import { admittedDocument, outsiderLimits } from '#kit/document/limits'
import { documentRules } from '#kit/document/rules'
import { AppError } from '#kit/errors'
import type { ErrorCode } from '#schema/errors'

export type OperationText = { readonly name: string; readonly document: string }

/** An operation that its client may publish. */
export type JudgedOperation = OperationText & {
  readonly hash: string
  readonly kind: OperationDefinitionNode['operation']
  readonly description: string | null
  /** Estimated without variables, in whole points. */
  readonly cost: number
}

/** Why an operation is refused, by the code that running it would be refused with. */
export type Rejection = {
  readonly code: ErrorCode
  readonly message: string
  readonly cost: number | null
}

export type Measures = {
  /** Null for what was held against its contract when it was built. */
  readonly schema: GraphQLSchema | null
  readonly weights: Weights
  /** What one operation may cost. */
  readonly costMax: number
  /** How long a list is taken to be that nothing says the size of. */
  readonly listSize: number
}

export const hashOf = (document: string): string =>
  createHash('sha256').update(document).digest('hex')

/** What is published may be run as it stands: the same limits, the same contract, the same cost. */
export function judged(operation: OperationText, measures: Measures): JudgedOperation | Rejection {
  try {
    return judgedOf(operation, measures)
  } catch (error) {
    if (error instanceof AppError) return rejection(error.code, error.message)
    if (error instanceof GraphQLError) return rejection('GRAPHQL_PARSE_FAILED', error.message)
    throw error
  }
}

function judgedOf(operation: OperationText, measures: Measures): JudgedOperation | Rejection {
  const { schema, weights, costMax, listSize } = measures
  const { name, document: text } = operation
  const document = admittedDocument(text, outsiderLimits)
  const [definition, ...others] = document.definitions.filter(
    (node) => node.kind === Kind.OPERATION_DEFINITION,
  )
  if (!definition || others.length > 0)
    return rejection('BAD_USER_INPUT', 'A document to publish has exactly one operation.')
  if (definition.name?.value !== name)
    return rejection('BAD_USER_INPUT', `The operation in the document is not named ${name}.`)
  const [fault] = schema ? validate(schema, document, documentRules, { maxErrors: 1 }) : []
  if (fault) return rejection('GRAPHQL_VALIDATION_FAILED', fault.message)
  const plan = costPlanOf(weights, { document, operation: definition }, listSize)
  const [unsliced] = plan.faults
  if (unsliced !== undefined) return rejection('BAD_USER_INPUT', `${unsliced}.`)
  const cost = Math.min(Math.ceil(numberOf(plan.estimate, {})), costsMost)
  if (cost > costMax)
    return rejection('DOCUMENT_TOO_COMPLEX', `It costs ${cost}, and may cost ${costMax}.`, cost)
  const { operation: kind } = definition
  return { ...{ name, document: text, kind, cost }, ...described(text) }
}

const described = (text: string) => ({ hash: hashOf(text), description: descriptionOf(text) })

const rejection = (code: ErrorCode, message: string, cost: number | null = null): Rejection => ({
  ...{ code, message, cost },
})

/** The largest Int of GraphQL: past it nobody needs to know how much. */
const costsMost = 2_147_483_647
