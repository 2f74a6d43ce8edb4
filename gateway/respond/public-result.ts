import { type ExecutionResult, GraphQLError } from 'graphql'
import { isErrorCode, publicError, retryHeaders } from '#kit/errors'
import type { Log } from '#kit/log'
import { type ErrorCode, errorCodes } from '#schema/errors'
import type { Exchange } from '../exchange.ts'
import { isExplorer } from '../graph.ts'

/**
 * Faults of a well-formed request: 200 for a client that reads application/json. Source: GraphQL
 * over HTTP 6.4.
 */
const documentFaults: ReadonlySet<unknown> = new Set<ErrorCode>([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
])

/** The result as the client may see it. Without any data, the errors' codes decide the status. */
export function publicResult(
  result: ExecutionResult,
  exchange: Exchange,
  log: Log,
): ExecutionResult {
  if (!result.errors) return result
  const errors = result.errors.map((error) =>
    toldTo(exchange, publicError(error, exchange.requestId, log)),
  )
  return { ...result, errors: result.data ? errors : errors.map(withStatus) }
}

/** Only who may see the whole graph is offered names of it: "Did you mean the enum value ..." */
const toldTo = (exchange: Exchange, error: GraphQLError): GraphQLError =>
  isExplorer(exchange) ? error : copyOf(error, { message: withoutSuggestion(error.message) })

const withoutSuggestion = (message: string) => message.replace(/ Did you mean .*$/s, '')

/**
 * Yoga answers with the highest status among the errors, and takes `http` out of what the client
 * reads.
 */
function withStatus(error: GraphQLError): GraphQLError {
  const { http: own, ...extensions } = error.extensions
  // Its one refusal that has a code of its own in our table: a mutation by GET.
  const code = own?.status === 405 ? 'METHOD_NOT_ALLOWED' : extensions.code
  const known = isErrorCode(code) ? code : 'INTERNAL'
  const http = {
    status: errorCodes[known].http,
    headers: { ...own?.headers, ...retryHeaders(known) },
    spec: documentFaults.has(code),
  }
  return copyOf(error, { extensions: { ...extensions, code, http } })
}

const copyOf = (
  error: GraphQLError,
  changed: Partial<Pick<GraphQLError, 'message' | 'extensions'>>,
): GraphQLError =>
  new GraphQLError(changed.message ?? error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    path: error.path ?? null,
    extensions: changed.extensions ?? error.extensions,
  })
