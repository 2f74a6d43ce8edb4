/** A minute's worth of requests that refills steadily: what one request draws from it, and when. */
export type Draw = {
  /** Requests a minute, and at most at once. */
  readonly limit: number
  readonly now: Date
}

/**
 * A bucket after a draw. It is kept as the instant at which it is full again, in microseconds since
 * 1970: nothing has to refill it, and another limit needs no conversion.
 */
export type Drawn = { readonly isTaken: boolean; readonly fullAt: number }

/** The buckets of all programs, by key. */
export type RateBuckets = {
  /** Takes one request out of a bucket, or leaves it as it is when less than one is in it. */
  draw(key: string, draw: Draw): Promise<Drawn>
}

const minute = 60_000_000

/** How long a bucket takes to refill by one request. */
export const costOf = (limit: number): number => Math.floor(minute / limit)

const microsecondsOf = (date: Date) => date.getTime() * 1_000

/** No bucket is emptier than empty, whatever the clock of another instance said. */
const cappedAt = (fullAt: number, now: number) => Math.min(Math.max(fullAt, now), now + minute)

/** The rule of a draw; `fullAt` null is a bucket that nobody has drawn from. */
export function drawFrom(fullAt: number | null, { limit, now }: Draw): Drawn {
  const at = microsecondsOf(now)
  const before = cappedAt(fullAt ?? at, at)
  const after = before + costOf(limit)
  return after <= at + minute
    ? { isTaken: true, fullAt: after }
    : { isTaken: false, fullAt: before }
}

/** Whole requests that are left, and whole seconds until there is one and until all are there. */
export function levelOf({ fullAt }: Pick<Drawn, 'fullAt'>, { limit, now }: Draw) {
  const at = microsecondsOf(now)
  const missing = cappedAt(fullAt, at) - at
  const untilOne = missing + costOf(limit) - minute
  return {
    left: Math.min(limit, Math.floor((minute - missing) / costOf(limit))),
    secondsToOne: Math.max(1, Math.ceil(untilOne / 1_000_000)),
    secondsToFull: Math.ceil(missing / 1_000_000),
  }
}
