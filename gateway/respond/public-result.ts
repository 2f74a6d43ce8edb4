import { type ExecutionResult, GraphQLError } from 'graphql'
import { isErrorCode, publicError, retryHeaders } from '#kit/errors'
import type { Log } from '#kit/log'
import { type ErrorCode, errorCodes } from '#schema/errors'
import type { Exchange } from '../exchange.ts'
import { isExplorer } from '../graph.ts'
import { isSubgraphError } from '../subgraph-error.ts'
import { copyOf } from './json-answer.ts'

/**
 * Faults of a well-formed request: 200 for a client that reads application/json. Source: GraphQL
 * over HTTP 6.4.
 */
const documentFaults: ReadonlySet<unknown> = new Set<ErrorCode>([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
])

/** A status of its own without a row in the code table. Source: RFC 9110 section 15.5.7. */
const notAcceptableStatus = 406

export const notAcceptable = (message: string): GraphQLError =>
  new GraphQLError(message, {
    extensions: { code: 'BAD_REQUEST' satisfies ErrorCode, http: { status: notAcceptableStatus } },
  })

/** The result as the client may see it. */
export const toldResult = (
  { errors, ...result }: ExecutionResult,
  exchange: Exchange,
  log: Log,
): ExecutionResult => ({
  ...result,
  ...(errors && {
    errors: errors.map((error) =>
      isSubgraphError(error)
        ? error
        : toldTo(exchange, publicError(error, exchange.requestId, log)),
    ),
  }),
})

/** The same; without any data, the errors' codes decide the status. */
export function publicResult(
  result: ExecutionResult,
  exchange: Exchange,
  log: Log,
): ExecutionResult {
  if (!result.errors) return result
  const told = toldResult(result, exchange, log)
  return result.data ? told : { ...told, errors: (told.errors ?? []).map(withStatus) }
}

/** Only who may see the whole graph is offered names of it: "Did you mean the enum value ..." */
const toldTo = (exchange: Exchange, error: GraphQLError): GraphQLError =>
  isExplorer(exchange) ? error : copyOf(error, { message: withoutSuggestion(error.message) })

const withoutSuggestion = (message: string) => message.replace(/ Did you mean .*$/s, '')

/** The answer has the highest status among the errors; `http` is taken out of what is read. */
function withStatus(error: GraphQLError): GraphQLError {
  // Its codes are not ours: that it answered at all is what the status can say.
  if (isSubgraphError(error))
    return copyOf(error, { extensions: { ...error.extensions, http: { status: 200 } } })
  const { http: own, ...extensions } = error.extensions
  // Its one refusal that has a code of its own in our table: a mutation by GET.
  const code = own?.status === 405 ? 'METHOD_NOT_ALLOWED' : extensions.code
  const known = isErrorCode(code) ? code : 'INTERNAL'
  const http = {
    status: own?.status === notAcceptableStatus ? notAcceptableStatus : errorCodes[known].http,
    headers: { ...retryHeaders(known), ...own?.headers },
    spec: documentFaults.has(code),
  }
  return copyOf(error, { extensions: { ...extensions, code, http } })
}

/** What is thrown where a result is expected, as one; several errors inside one are each told. */
export const failedResult = (error: unknown): ExecutionResult => ({
  errors: error instanceof AggregateError ? error.errors.flatMap(errorsOf) : errorsOf(error),
})

const errorsOf = (error: unknown): GraphQLError[] => {
  if (error instanceof GraphQLError) return [error]
  const originalError = error instanceof Error ? error : new Error(String(error))
  return [new GraphQLError(originalError.message, { originalError })]
}
