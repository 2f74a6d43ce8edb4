import type { Limit } from './bucket.ts'

/** How many cost points everybody may spend of whom no plan says something else. */
export type QuotaLimits = {
  readonly person: Limit
  /** Of nobody, by the network that they come from. */
  readonly address: Limit
  /** For a program whose token names no limit: requests a minute. */
  readonly programRequests: number
  /** What a limit in requests a minute is worth. */
  readonly pointsPerRequest: number
}

/** A bucket that holds what a minute brings. */
export const steady = (perMinute: number): Limit => ({ perMinute, burst: perMinute })

/** A page of ours costs some 500 points: nobody who looks at pages comes near these. */
export const quotaDefaults: QuotaLimits = {
  person: steady(60_000),
  address: steady(240_000),
  programRequests: 600,
  // What a partner's usual operation costs.
  pointsPerRequest: 50,
}

export const limitOf = (requestsPerMinute: number, { pointsPerRequest }: QuotaLimits): Limit =>
  steady(requestsPerMinute * pointsPerRequest)
