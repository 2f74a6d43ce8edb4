import { AppError } from '#kit/errors'
import type { ErrorCode } from '#schema/errors'

export type Failure = { code: string; status: number }

const failures: Partial<Record<ErrorCode, Failure>> = {
  // The same request may succeed later.
  UNAVAILABLE: { code: 'temporarily_unavailable', status: 503 },
  // A parameter has a character that cannot be kept.
  BAD_USER_INPUT: { code: 'invalid_request', status: 400 },
}

/** What an error of the database tells the caller; null for a fault of ours. */
export const failureOf = (error: unknown): Failure | null =>
  (error instanceof AppError && failures[error.code]) || null
