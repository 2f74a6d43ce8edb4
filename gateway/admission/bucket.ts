/** How many points a bucket gets back in a minute, and how many it holds at most. */
export type Limit = { readonly perMinute: number; readonly burst: number }

/** What is drawn from a bucket that refills steadily, and when. */
export type Draw = {
  /** Cost points, whole ones; fewer than none are given back. */
  readonly points: number
  readonly limit: Limit
  readonly now: Date
  /** True for what has been spent already: it is drawn from an empty bucket too, as a debt. */
  readonly isSpent?: boolean
}

/**
 * A bucket after a draw. It is kept as the instant at which it is full again, in microseconds since
 * 1970: nothing has to refill it, and another limit needs no conversion.
 */
export type Drawn = { readonly isTaken: boolean; readonly fullAt: number }

/** The buckets of everybody, by key, whichever instance asks. */
export type RateBuckets = {
  /**
   * Takes all of the points out of a bucket, or leaves it as it is when they are not in it. More
   * than it can hold is taken out of a full one.
   */
  draw(key: string, draw: Draw): Promise<Drawn>
}

const minute = 60_000_000

/** How much of what a bucket holds it may owe at most. */
const debtShare = 0.25

/** A draw in microseconds of refilling, as every keeper of buckets reckons. */
export type Reckoned = {
  readonly at: number
  /** By how much the bucket is full later; negative for points that are given back. */
  readonly drawn: number
  /** How much has to be there, and how much there can be. */
  readonly needed: number
  readonly window: number
  /** No bucket is emptier than this, whatever the clock of another instance said. */
  readonly cap: number
}

export function reckoned({ points, limit, now, isSpent = false }: Draw): Reckoned {
  const each = refillOf(limit)
  const window = limit.burst * each
  return {
    at: now.getTime() * 1_000,
    drawn: points * each,
    needed: isSpent || points <= 0 ? Number.NEGATIVE_INFINITY : Math.min(points * each, window),
    window,
    cap: window + Math.floor(window * debtShare),
  }
}

/** How long a bucket takes to refill by one point. */
const refillOf = ({ perMinute }: Limit): number => Math.max(1, Math.floor(minute / perMinute))

const between = (low: number, value: number, high: number) => Math.min(Math.max(value, low), high)

/** The rule of a draw; `fullAt` null is a bucket that nobody has drawn from. */
export function drawFrom(fullAt: number | null, draw: Draw): Drawn {
  const { at, drawn, needed, window, cap } = reckoned(draw)
  const before = between(at, fullAt ?? at, at + cap)
  if (before + needed > at + window) return { isTaken: false, fullAt: before }
  return { isTaken: true, fullAt: between(at, before + drawn, at + cap) }
}

/**
 * Whole points that are left; whole seconds until those of this draw are there, and until all are.
 */
export function levelOf({ fullAt }: Pick<Drawn, 'fullAt'>, draw: Draw) {
  const { at, needed, window, cap } = reckoned(draw)
  const missing = between(at, fullAt, at + cap) - at
  const wait = missing + Math.max(needed, 0) - window
  return {
    left: Math.max(0, Math.floor((window - missing) / refillOf(draw.limit))),
    secondsToEnough: Math.max(1, Math.ceil(wait / 1_000_000)),
    secondsToFull: Math.ceil(missing / 1_000_000),
  }
}
