import { z } from 'zod'
import { count } from '#kit/config'
import { type CostSettings, costDefaults } from '#kit/cost/settings'
import { type QuotaLimits, quotaDefaults, steady } from './admission/quota-limits.ts'
import type { OverloadSettings } from './overload.ts'

const { mode, max, listSize } = costDefaults

const costMode = z.enum(['enforce', 'measure', 'off'], 'must be enforce, measure or off')

/** What operations may cost, and what happens to what they may not read. */
export const policyEnv = {
  COST_MODE: costMode.default(mode),
  COST_MAX: count(max.outsider),
  COST_MAX_PARTNER: count(max.partner),
  COST_MAX_EXPLORER: count(max.explorer),
  COST_LIST_SIZE: count(listSize),
  UNAUTHORIZED: z.enum(['filter', 'reject'], 'must be filter or reject').default('filter'),
}

/** The same for a graph that nobody here knows: what its operations may cost is for others to say. */
export const openPolicyEnv = { ...policyEnv, COST_MODE: costMode.default('off') }

type PolicyEnv = z.output<z.ZodObject<typeof policyEnv>>

/** Null when nobody counts. */
export const costSettings = (env: PolicyEnv): CostSettings | null =>
  env.COST_MODE === 'off'
    ? null
    : {
        mode: env.COST_MODE,
        max: {
          outsider: env.COST_MAX,
          partner: env.COST_MAX_PARTNER,
          explorer: env.COST_MAX_EXPLORER,
        },
        listSize: env.COST_LIST_SIZE,
      }

/** How many points people may spend, and what a limit in requests is worth. */
export const quotaEnv = {
  QUOTA_PERSON: count(quotaDefaults.person.perMinute),
  QUOTA_ADDRESS: count(quotaDefaults.address.perMinute),
  QUOTA_POINTS_PER_REQUEST: count(quotaDefaults.pointsPerRequest),
}

/** So many may come at once to a process that was idle: none of them is refused for it. */
export const overloadDefaults: OverloadSettings = {
  concurrencyMax: 1_000,
  concurrencyMin: 128,
  lagMs: 10,
}

export const overloadEnv = {
  CONCURRENCY_MAX: count(overloadDefaults.concurrencyMax),
  CONCURRENCY_MIN: count(overloadDefaults.concurrencyMin),
}

/** How many requests are answered at a time, by how busy the process is. */
export const overloadSettings = (
  env: z.output<z.ZodObject<typeof overloadEnv>>,
): OverloadSettings => ({
  ...overloadDefaults,
  concurrencyMax: env.CONCURRENCY_MAX,
  concurrencyMin: env.CONCURRENCY_MIN,
})

export const quotaSettings = (env: z.output<z.ZodObject<typeof quotaEnv>>): QuotaLimits => ({
  ...quotaDefaults,
  person: steady(env.QUOTA_PERSON),
  address: steady(env.QUOTA_ADDRESS),
  pointsPerRequest: env.QUOTA_POINTS_PER_REQUEST,
})
