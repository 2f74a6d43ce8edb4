import { z } from 'zod'
import { firstFault, type UserError, userError } from '#kit/user-error'
import type { Spending } from './plan-queries.ts'

const pointsMax = 10_000_000
const concurrencyMax = 10_000

const points = z
  .number()
  .int()
  .min(1, 'At least one point.')
  .max(pointsMax, `At most ${pointsMax} points.`)

const Own = z.object({
  pointsPerMinute: points.nullable(),
  burst: points.nullable(),
  costMax: points.nullable(),
  concurrency: z
    .number()
    .int()
    .min(1, 'At least one operation at a time.')
    .max(concurrencyMax, `At most ${concurrencyMax} operations at a time.`)
    .nullable(),
})

/** What is said in the place of a plan's own numbers; null leaves the plan's. */
export type OwnSpending = z.infer<typeof Own>

/** Null when the numbers can be granted in this plan; else what is wrong with them. */
export function spendingFault(
  own: OwnSpending,
  plan: Spending,
): UserError<'ValidationError'> | null {
  const { error } = Own.safeParse(own)
  if (error) return firstFault(error.issues)
  const { burst, costMax } = {
    burst: own.burst ?? plan.burst,
    costMax: own.costMax ?? plan.costMax,
  }
  if (costMax <= burst) return null
  return userError(
    'ValidationError',
    `One operation may cost ${burst} points at most: the burst.`,
    ['costMax'],
  )
}
