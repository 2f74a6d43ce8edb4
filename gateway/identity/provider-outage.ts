import { ResponseBodyError } from 'openid-client'
import { AppError } from '#kit/errors'

export const unavailable = (cause: unknown) =>
  new AppError('UNAVAILABLE', 'Signing in is out of reach for a moment. Try again.', { cause })

const outageCodes = new Set([
  ...['OAUTH_TIMEOUT', 'OAUTH_ABORT'],
  // What a proxy answers in the place of a provider that is down.
  ...['OAUTH_RESPONSE_IS_NOT_CONFORM', 'OAUTH_RESPONSE_IS_NOT_JSON', 'OAUTH_PARSE_ERROR'],
  ...['ConnectionRefused', 'ConnectionClosed', 'FailedToOpenSocket', 'UnableToConnect'],
  ...['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', 'EHOSTUNREACH'],
])

/**
 * No answer, or none of its own. Null when the provider did answer: then what it said is the
 * matter.
 */
export function outageFrom(error: unknown): AppError | null {
  if (error instanceof AppError) return error
  if (!(error instanceof Error)) return null
  if (error instanceof ResponseBodyError) {
    return error.status >= 500 ? unavailable(error) : null
  }
  const code = 'code' in error ? String(error.code) : ''
  if (outageCodes.has(code)) return unavailable(error)
  return error.cause instanceof Error && outageFrom(error.cause) ? unavailable(error) : null
}
