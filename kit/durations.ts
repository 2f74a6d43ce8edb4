/** Upper bounds in milliseconds, half as much again each; what takes longer is in a bucket of its own. */
const bounds: readonly number[] = Array.from({ length: 30 }, (_, index) => 0.25 * 1.5 ** index)

/** Counts of durations by `bounds`, the longer ones last. Two of them add up place by place. */
export type Durations = readonly number[]

export const noDurations = (): number[] => Array.from({ length: bounds.length + 1 }, () => 0)

/** The place in which a duration is counted. */
export function placeOf(ms: number): number {
  const place = bounds.findIndex((bound) => ms <= bound)
  return place < 0 ? bounds.length : place
}

/** Place by place. */
export const addedUp = (one: Durations, other: Durations): number[] =>
  one.map((count, place) => count + (other[place] ?? 0))

/**
 * The bound in milliseconds below which this share of the durations is, at most half too much; null
 * when there is none. What is beyond the last bound is told as that bound.
 */
export function quantileOf(durations: Durations, share: number): number | null {
  const total = durations.reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  let seen = 0
  const place = durations.findIndex((count) => {
    seen += count
    return seen >= total * share
  })
  return bounds[Math.min(place, bounds.length - 1)] ?? null
}
