import { isErrorCode, publicError, retryHeaders } from '#kit/errors'
import type { Log } from '#kit/log'
import { type ErrorCode, errorCodes } from '#schema/errors'

/** One value of a request that could not be used; `name` is that of the variable, or a path in it. */
export type Fault = { readonly name: string; readonly detail: string }

/** Problem details. Source: RFC 9457. `code` is the one that GraphQL tells of the same failure. */
export type Problem = {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly instance: string
  readonly code: string
  readonly requestId: string
  readonly errors?: readonly Fault[]
}

/** What is said in a few words of every failure of a kind; its type is an anchor of /api. */
const titles: Readonly<Partial<Record<ErrorCode, string>>> = {
  BAD_REQUEST: 'The request cannot be understood',
  GRAPHQL_PARSE_FAILED: 'The document is no GraphQL',
  GRAPHQL_VALIDATION_FAILED: 'The operation does not fit the graph',
  BAD_USER_INPUT: 'Some values are not valid',
  DOCUMENT_TOO_COMPLEX: 'The request asks for too much at once',
  IDEMPOTENCY_MISMATCH: 'The idempotency key was used for something else',
  UNAUTHENTICATED: 'Proof of who asks is missing or not good',
  FORBIDDEN: 'The caller may not do this',
  UNAUTHORIZED_FIELD_OR_TYPE: 'The scopes of the caller do not allow this',
  CSRF: 'The request came from another site',
  OPERATION_NOT_REGISTERED: 'There is no such operation for this caller',
  NOT_FOUND: 'There is nothing at this address',
  METHOD_NOT_ALLOWED: 'The address does not answer this method',
  UNKNOWN_VERSION: 'There is no such version',
  CONFLICT: 'Something else was done in the meantime',
  IDEMPOTENCY_IN_FLIGHT: 'The same request is still being answered',
  PERSISTED_QUERY_NOT_FOUND: 'The text of that hash is not known',
  OPERATION_RETIRED: 'The operation is answered no more',
  EVENTS_MISSED: 'What was missed is not kept any more',
  BODY_TOO_LARGE: 'The body is too large',
  RATE_LIMITED: 'Too much was asked for in too short a time',
  INTERNAL: 'Something went wrong on our side',
  UNAVAILABLE: 'Something that is needed is out of reach',
  TIMEOUT: 'The answer took too long',
}

/** Of a code that nobody has found words for, the code's own. */
export const titleOf = (code: ErrorCode): string =>
  titles[code] ?? code.charAt(0) + code.slice(1).toLowerCase().replaceAll('_', ' ')

/** Where a problem is told of; instance is the path that was asked. */
export type ProblemPlace = { readonly instance: string; readonly requestId: string }

type Told = Pick<Problem, 'status' | 'detail' | 'code'> & {
  readonly errors?: readonly Fault[]
  /** Further members that say what to do. Source: RFC 9457, section 3.2. */
  readonly extensions?: Readonly<Record<string, unknown>>
}

const problemType = 'application/problem+json'

/** A code that is not of our table is one of a subgraph's own, of a refusal that it explains itself. */
export function problemResponse(
  { status, detail, code, errors, extensions }: Told,
  { instance, requestId }: ProblemPlace,
  headers: HeadersInit = {},
): Response {
  const known = isErrorCode(code) ? { type: `/api#${code}`, title: titleOf(code) } : foreign
  const problem: Problem & Record<string, unknown> = {
    ...extensions,
    ...known,
    ...{ status, detail, instance, code, requestId },
    ...(errors && errors.length > 0 && { errors }),
  }
  const own = { 'cache-control': 'no-store', ...(isErrorCode(code) && retryHeaders(code)) }
  const sent = new Headers({ ...own, ...Object.fromEntries(new Headers(headers)) })
  sent.set('content-type', problemType)
  return new Response(JSON.stringify(problem), { status, headers: sent })
}

const foreign = { type: 'about:blank', title: 'The operation was refused' }

type Saying = {
  readonly log?: Pick<Log, 'error'> | undefined
  readonly status?: number | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** What was thrown, as far as a client may know it; `status` stands in the place of its code's. */
export function problemOf(error: unknown, place: ProblemPlace, saying: Saying = {}): Response {
  const { log, status, headers } = saying
  const { message, extensions } = publicError(error, place.requestId, log)
  const code = isErrorCode(extensions.code) ? extensions.code : 'INTERNAL'
  const told = { status: status ?? errorCodes[code].http, detail: message, code }
  return problemResponse(told, place, headers)
}
