import { GraphQLError } from 'graphql'
import { AppError } from '#kit/errors'
import { type ErrorCode, errorCodes } from '#schema/errors'

type Json = Record<string, unknown>

/** What a subgraph answered. `data` is null when nothing of the request succeeded. */
export type Answer = { readonly data: Json | null; readonly errors: readonly GraphQLError[] }

/** Reads a subgraph's JSON. Rejects what is no GraphQL answer with AppError UNAVAILABLE. */
export function answerFrom(text: string): Answer {
  const answer = jsonFrom(text)
  if (!isJson(answer) || !('data' in answer || 'errors' in answer)) throw unreadable()
  const errors = Array.isArray(answer.errors) ? answer.errors.filter(isJson).map(errorFrom) : []
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
function errorFrom({ message, path, extensions }: Json): GraphQLError {
  const code = isJson(extensions) ? extensions.code : undefined
  const text = String(message)
  const place = isPath(path) ? { path } : {}
  return known.has(code) && !aboutOurRequest.has(code)
    ? new GraphQLError(text, { ...place, extensions: { code } })
    : new GraphQLError(text, { ...place, originalError: new Error(`A subgraph failed: ${text}`) })
}
