import { GraphQLError } from 'graphql'
import { AppError } from '#kit/errors'
import { type ErrorCode, errorCodes } from '#schema/errors'
import { SubgraphError } from '../../subgraph-error.ts'

type Json = Record<string, unknown>

/** What a subgraph answered. `data` is null when nothing of the request succeeded. */
export type Answer = { readonly data: Json | null; readonly errors: readonly GraphQLError[] }

/**
 * What a client may read of a subgraph's errors. Closed: the messages of the codes that our own table
 * has. Open: every message and extension but what debugging adds, for subgraphs of any make.
 */
export type ErrorPolicy = 'closed' | 'open'

/** As many as a large request has entities; nobody reads more, and each costs memory and time. */
const errorsMax = 10_000

/**
 * Reads a subgraph's JSON. Throws AppError UNAVAILABLE for what is no GraphQL answer. Errors that are
 * not given as a list are none; without data and errors nothing was answered.
 */
export function answerFrom(text: string, policy: ErrorPolicy = 'closed'): Answer {
  const answer = jsonFrom(text)
  if (!isJson(answer) || !('data' in answer || 'errors' in answer)) throw unreadable()
  const errors = Array.isArray(answer.errors)
    ? answer.errors.slice(0, errorsMax).filter(isJson).map(errorsBy[policy])
    : []
  return { data: isJson(answer.data) ? answer.data : null, errors }
}

const unreadable = (cause?: unknown) =>
  new AppError('UNAVAILABLE', 'A part of the service gave no readable answer.', { cause })

function jsonFrom(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw unreadable(cause)
  }
}

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * What a subgraph says of the request that it got is about our own work, not about the client's.
 */
const aboutOurRequest: ReadonlySet<unknown> = new Set<ErrorCode>([
  'BAD_REQUEST',
  'BODY_TOO_LARGE',
  'CSRF',
  'DOCUMENT_TOO_COMPLEX',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'METHOD_NOT_ALLOWED',
  'OPERATION_NOT_REGISTERED',
])

const known: ReadonlySet<unknown> = new Set(Object.keys(errorCodes))

const isPath = (path: unknown): path is (string | number)[] =>
  Array.isArray(path) && path.every((key) => typeof key === 'string' || typeof key === 'number')

/**
 * An error keeps its message for the client only under a code of the closed table; any other will
 * be masked.
 */
function closedError({ message, path, extensions }: Json): GraphQLError {
  const code = isJson(extensions) ? extensions.code : undefined
  const text = String(message)
  const place = isPath(path) ? { path } : {}
  return known.has(code) && !aboutOurRequest.has(code)
    ? new GraphQLError(text, { ...place, extensions: { code } })
    : new GraphQLError(text, { ...place, originalError: new Error(`A subgraph failed: ${text}`) })
}

/** What is meant for a subgraph's own developers, and what would set our own status and headers. */
const notForClients: ReadonlySet<string> = new Set([
  ...['exception', 'stacktrace'],
  ...['http', 'unexpected'],
])

function openError({ message, path, extensions }: Json): GraphQLError {
  const text = String(message)
  const kept = Object.entries(isJson(extensions) ? extensions : {}).filter(
    ([name]) => !notForClients.has(name),
  )
  return new GraphQLError(text, {
    ...(isPath(path) && { path }),
    extensions: Object.fromEntries(kept),
    originalError: new SubgraphError(text),
  })
}

const errorsBy: Record<ErrorPolicy, (error: Json) => GraphQLError> = {
  closed: closedError,
  open: openError,
}
