/** What the prober saw of a target at one moment. */
export type Sample = {
  readonly target: string
  readonly at: Date
  readonly ok: boolean
  /** Null where nothing answered. */
  readonly latencyMs: number | null
  /** Null where the target shows no certificate. */
  readonly certificateEndsAt: Date | null
}

export const healthStates = ['UP', 'DEGRADED', 'DOWN', 'UNKNOWN'] as const
export type HealthState = (typeof healthStates)[number]

const dayMs = 24 * 3_600_000

/** From when on samples are kept, and the status page looks: thirty days. */
export const keptSince = (now: Date): Date => new Date(now.getTime() - 30 * dayMs)

/** A certificate is renewed a month before its end: with three weeks left renewal does not work. */
const certificateLeftMs = 21 * dayMs

/** How many looks may be missing before nothing is known any more. */
const missedMax = 3

type Moment = { readonly now: Date; readonly everyMs: number }

const certificateState = (endsAt: Date | null, now: Date): HealthState => {
  const leftMs = endsAt ? endsAt.getTime() - now.getTime() : Number.POSITIVE_INFINITY
  if (leftMs <= 0) return 'DOWN'
  return leftMs < certificateLeftMs ? 'DEGRADED' : 'UP'
}

/** UNKNOWN where nobody has looked lately: what was seen once says nothing of today. */
export function stateOf(sample: Sample | null, { now, everyMs }: Moment): HealthState {
  if (!sample || now.getTime() - sample.at.getTime() > missedMax * everyMs) return 'UNKNOWN'
  return sample.ok ? certificateState(sample.certificateEndsAt, now) : 'DOWN'
}

const severity: readonly HealthState[] = ['DOWN', 'DEGRADED', 'UNKNOWN', 'UP']

/** The worst of them; UNKNOWN where there is none. */
export const worstOf = (states: readonly HealthState[]): HealthState =>
  severity.find((state) => states.includes(state)) ?? 'UNKNOWN'

/** The beginning of the turn that a moment lies in: every process that looks then looks for the same one. */
export const turnOf = (now: Date, everyMs: number): Date =>
  new Date(Math.floor(now.getTime() / everyMs) * everyMs)

/** The newer of two; either may be missing. */
export const newerOf = (one: Sample | null, other: Sample | null): Sample | null =>
  one && other ? (one.at >= other.at ? one : other) : (one ?? other)
