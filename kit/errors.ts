import { GraphQLError, type GraphQLErrorExtensions } from 'graphql'
import { type ErrorCode, errorCodes } from '#schema/errors'

/** An error whose message is written for the client. Everything else that is thrown is masked. */
export class AppError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'AppError'
    this.code = code
  }
}

/** True for a code of the closed table. */
export const isErrorCode = (code: unknown): code is ErrorCode =>
  typeof code === 'string' && Object.hasOwn(errorCodes, code)

/**
 * The innermost cause: graphql-js wraps what a resolver or a scalar throws in a GraphQLError of its
 * own.
 */
function rootOf(error: unknown): unknown {
  const original = error instanceof GraphQLError ? error.originalError : undefined
  return original ? rootOf(original) : error
}

/**
 * graphql-js gives its own errors no code: what they say, and where, tells what the client did
 * wrong.
 */
const requestFaults: readonly { code: ErrorCode; tells: (error: GraphQLError) => boolean }[] = [
  { code: 'GRAPHQL_PARSE_FAILED', tells: ({ message }) => message.startsWith('Syntax Error') },
  { code: 'BAD_USER_INPUT', tells: ({ message }) => message.startsWith('Argument "') },
  // A path means that execution had begun: then the request was fine and our own code failed.
  { code: 'GRAPHQL_VALIDATION_FAILED', tells: ({ path, nodes }) => !path && Boolean(nodes) },
  { code: 'BAD_REQUEST', tells: ({ path }) => !path },
]

/**
 * Marked by a library: a code that is not in our table, or Yoga's mark for what it did not expect.
 */
const isForeign = ({ extensions }: GraphQLError) =>
  Boolean(extensions.code || extensions.unexpected)

/** graphql-js on the value of a variable; what it says of the document's own variables differs. */
const refusedValue =
  /^Variable "\$\w+" (got invalid value |of (required|non-null) type "[^"]+" (was not provided|must not be null))/

/** The code of a fault in the client's request; null when the error was raised by our own code. */
function requestFaultOf(error: GraphQLError, root: unknown): ErrorCode | null {
  // A custom scalar may refuse a variable with any error: graphql-js has made its text fit for the
  // client.
  if (!error.path && refusedValue.test(error.message)) return 'BAD_USER_INPUT'
  if (!(root instanceof GraphQLError) || isForeign(root)) return null
  return requestFaults.find(({ tells }) => tells(error))?.code ?? null
}

/**
 * The code under which the client may read the error's own message; null when it must be masked.
 */
function publicCodeOf(error: unknown): ErrorCode | null {
  const root = rootOf(error)
  if (root instanceof AppError) return root.code
  if (root instanceof GraphQLError && isErrorCode(root.extensions.code)) return root.extensions.code
  return error instanceof GraphQLError ? requestFaultOf(error, root) : null
}

/** True for a bug or an outage: its text must reach the log and never the client. */
export const isMasked = (error: unknown): boolean => publicCodeOf(error) === null

/**
 * Yoga reads `extensions.http` (status and headers of the response) and removes it before it
 * answers.
 */
const httpOf = ({ extensions }: GraphQLError): GraphQLErrorExtensions =>
  extensions.http === undefined ? {} : { http: extensions.http }

type ErrorLog = { error(message: string, error?: unknown): void }

/**
 * What the client may know of an error: an AppError or a fault of its own request as it is,
 * everything else as INTERNAL with the request id. The original of a masked error goes to the log
 * with its stack.
 */
export function publicError(error: unknown, requestId: string, log?: ErrorLog): GraphQLError {
  const code = publicCodeOf(error)
  if (!code) log?.error(`Request ${requestId} failed`, rootOf(error))
  const message = code ? messageOf(error) : maskedMessage(requestId)
  if (!(error instanceof GraphQLError)) {
    return new GraphQLError(message, { extensions: { code: code ?? 'INTERNAL', requestId } })
  }
  return new GraphQLError(message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    path: error.path ?? null,
    extensions: { ...httpOf(error), code: code ?? 'INTERNAL', requestId },
  })
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
const maskedMessage = (requestId: string) =>
  `Something went wrong on our side. Quote request ${requestId} when you contact us.`

/**
 * What tells a client, and whatever is between us, when the same call is worth sending again; RFC
 * 9110, 10.2.3.
 */
export const retryHeaders = (code: ErrorCode): Record<string, string> =>
  errorCodes[code].retry ? { 'retry-after': '1' } : {}

/**
 * The same answer outside GraphQL execution: a JSON body with one error and the status of its code.
 */
export function errorResponse(error: unknown, requestId: string, log?: ErrorLog): Response {
  const { message, extensions } = publicError(error, requestId, log)
  const code = publicCodeOf(error) ?? 'INTERNAL'
  const body = { errors: [{ message, extensions: { code, requestId: extensions.requestId } }] }
  return Response.json(body, {
    status: errorCodes[code].http,
    headers: { 'cache-control': 'no-store', ...retryHeaders(code) },
  })
}

/** Stack and every cause of an error as text for the log, never for a client. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const parts = [error.stack ?? `${error.name}: ${error.message}`]
  if (error instanceof AggregateError) parts.push(...error.errors.map(describeError))
  if (error.cause !== undefined) parts.push(`Caused by: ${describeError(error.cause)}`)
  return parts.join('\n')
}
