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

const tooLate = () => new AppError('TIMEOUT', 'The answer took too long. Try again in a moment.')

/**
 * One timer a request, cleared with it: a signal of `AbortSignal.timeout` would live on for its
 * full time.
 */
export function startDeadline(caller: AbortSignal, deadlineMs: number): Deadline {
  const own = new AbortController()
  const timer = setTimeout(() => own.abort(tooLate()), deadlineMs)
  return {
    signal: AbortSignal.any([caller, own.signal]),
    clear: () => clearTimeout(timer),
  }
}

/**
 * Answers a request with a signal that aborts when time is up, or when its client goes away: then
 * with the reason of the request's own signal. A stream that begins is cut by its client alone.
 */
export async function answeredInTime(
  { signal: caller }: Request,
  deadlineMs: number,
  answer: (signal: AbortSignal) => Promise<Response>,
): Promise<Response> {
  // The request's signal ends with the request, so nothing has to be taken off it; a signal of
  // `AbortSignal.any` costs a tenth of a small answer.
  const own = new AbortController()
  const leave = () => own.abort(caller.reason)
  if (caller.aborted) leave()
  else caller.addEventListener('abort', leave, { once: true })
  const timer = setTimeout(() => own.abort(tooLate()), deadlineMs)
  try {
    return await answer(own.signal)
  } finally {
    clearTimeout(timer)
  }
}

/** What an answer may still take when its deadline has passed, to say what is known by then. */
export const graceMs = 250

/**
 * Settles as `work` does, or rejects with the signal's reason as soon as it aborts; with a grace,
 * which is asked for then, that long after a deadline has passed.
 */
export async function within<T>(
  signal: AbortSignal,
  work: () => Promise<T>,
  grace: number | (() => number) = 0,
): Promise<T> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const onAbort = () => {
    const { reason } = signal
    const leftMs = typeof grace === 'number' ? grace : grace()
    if (leftMs > 0 && isTimeout(reason)) timer = setTimeout(() => reject(reason), leftMs)
    else reject(reason)
  }
  signal.addEventListener('abort', onAbort, { once: true })
  work().then(resolve, reject)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}

/** True for the reason of a deadline that passed. */
export const isTimeout = (reason: unknown): boolean =>
  reason instanceof AppError && reason.code === 'TIMEOUT'
