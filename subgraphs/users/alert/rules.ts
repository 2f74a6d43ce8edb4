const minuteMs = 60_000

/** How long an alert rests after its nth try: it doubles from a minute, to an hour at most. */
export const pauseAfter = (attempts: number): number =>
  Math.min(minuteMs * 2 ** Math.min(attempts - 1, 10), 60 * minuteMs)
