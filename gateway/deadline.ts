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

/** What an answer may still take when its deadline has passed, to say what is known by then. */
export const graceMs = 250

/**
 * Settles as `work` does, or rejects with the signal's reason as soon as it aborts; with a grace,
 * that long after a deadline has passed.
 */
export async function within<T>(
  signal: AbortSignal,
  work: () => Promise<T>,
  grace = 0,
): Promise<T> {
  signal.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const onAbort = () => {
    const { reason } = signal
    if (grace > 0 && isTimeout(reason)) timer = setTimeout(() => reject(reason), grace)
    else reject(reason)
  }
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work(), aborted])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}

/** True for the reason of a deadline that passed. */
export const isTimeout = (reason: unknown): boolean =>
  reason instanceof AppError && reason.code === 'TIMEOUT'
