import { z } from 'zod'
import { seenBy } from '#kit/builder'
import { userError } from '#kit/user-error'
import { builder, UserErrorType } from '../builder.ts'
import { type OutsidePolicy, policyLimits } from './rules.ts'

const PolicyLimitType = builder.enumType('PolicyLimit', {
  description: 'Which rule of the service says no.',
  values: policyLimits,
})

export const OutsidePolicyErrorType = builder
  .objectRef<OutsidePolicy>('OutsidePolicyError')
  .implement({
    ...seenBy.partners,
    description: 'The rules of the service say no; until `deadline` they would have said yes.',
    interfaces: [UserErrorType],
    fields: (t) => ({
      limit: t.expose('limit', { type: PolicyLimitType }),
      deadline: t.field({
        type: 'DateTime',
        nullable: true,
        resolve: ({ deadline }) => (deadline === null ? null : new Date(deadline)),
      }),
    }),
  })

/** Chosen by the client, one for each thing it wants done, and the same one for every attempt at it. */
export const idempotencyKey = z
  .string()
  .min(8, 'An idempotency key has 8 to 200 characters.')
  .max(200, 'An idempotency key has 8 to 200 characters.')

/** Said of a booking that may not be seen exactly as of one that does not exist. */
export const noSuchBooking = () =>
  userError('NotFoundError', 'There is no such booking.', ['bookingId'])
