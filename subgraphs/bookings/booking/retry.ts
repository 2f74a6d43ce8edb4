import { violatedConstraint } from '#kit/constraint'

// deadlock_detected and serialization_failure: the transaction lost to another one and left nothing behind.
const lost = new Set(['40P01', '40001'])

const mayTryAgain = (error: unknown) =>
  // Two references of eight random characters were the same.
  violatedConstraint(error) === 'booking_reference' ||
  (error instanceof Error && 'code' in error && lost.has(String(error.code)))

const attemptsMax = 4

/** Runs a whole transaction again when it only lost to another one. Throws what the last attempt threw. */
export async function withRetry<T>(transaction: () => Promise<T>, attempt = 1): Promise<T> {
  try {
    return await transaction()
  } catch (error) {
    if (attempt >= attemptsMax || !mayTryAgain(error)) throw error
    return withRetry(transaction, attempt + 1)
  }
}
