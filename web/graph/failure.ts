import type { CombinedError } from 'urql'

export type FailureKind = 'offline' | 'unavailable' | 'signed-out' | 'denied' | 'unexpected'
export type Failure = { kind: FailureKind; requestId: string | null }

const kinds: Record<string, FailureKind> = {
  UNAUTHENTICATED: 'signed-out',
  FORBIDDEN: 'denied',
  UNAUTHORIZED_FIELD_OR_TYPE: 'denied',
  // What a caller may not know of is not there for them.
  OPERATION_NOT_REGISTERED: 'denied',
  UNAVAILABLE: 'unavailable',
  TIMEOUT: 'unavailable',
  RATE_LIMITED: 'unavailable',
}

/** True when the answer lacks that field, because what gives it failed: null is then no answer. */
export const failedAt = (error: CombinedError | undefined, field: string): boolean =>
  error?.graphQLErrors.some(({ path }) => path?.includes(field)) ?? false

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)

function requestIdOf(error: CombinedError): string | null {
  const [first] = error.graphQLErrors
  const header = error.response instanceof Response && error.response.headers.get('x-request-id')
  return textOf(first?.extensions.requestId) ?? (header || null)
}

/** What a person can do about an error: one of five kinds, with the id that support asks for. */
export function failureFrom(error: CombinedError): Failure {
  const requestId = requestIdOf(error)
  const [first] = error.graphQLErrors
  const kind = kinds[textOf(first?.extensions.code) ?? '']
  if (kind) return { kind, requestId }
  const status = error.response instanceof Response ? error.response.status : null
  if (status === null) return { kind: error.networkError ? 'offline' : 'unexpected', requestId }
  if (status === 401) return { kind: 'signed-out', requestId }
  return { kind: status >= 502 || status === 429 ? 'unavailable' : 'unexpected', requestId }
}
