import { AppError } from '#kit/errors'

export type Deadline = {
  /**
   * Aborts with an AppError TIMEOUT when time is up, or with the caller's own reason when it goes
   * away.
   */
  readonly signal: AbortSignal
  /** Ends the wait: what streams on after the answer has begun is not cut. */
  clear(): void
}

/**
 * One timer a request, cleared with it: a signal of `AbortSignal.timeout` would live on for its
 * full time.
 */
export function startDeadline(caller: AbortSignal, deadlineMs: number): Deadline {
  const own = new AbortController()
  const timer = setTimeout(
    () => own.abort(new AppError('TIMEOUT', 'The answer took too long. Try again in a moment.')),
    deadlineMs,
  )
  return {
    signal: AbortSignal.any([caller, own.signal]),
    clear: () => clearTimeout(timer),
  }
}

/** Settles as `work` does, or rejects with the signal's reason as soon as it aborts. */
export async function within<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work(), aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
