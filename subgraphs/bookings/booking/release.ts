import { requires, seenBy } from '#kit/builder'
import { AppError } from '#kit/errors'
import { fromGlobalId } from '#kit/id'
import type { Sql } from '#kit/postgres'
import { userError } from '#kit/user-error'
import { builder, ConflictErrorType, NotFoundErrorType } from '../builder.ts'
import type { Context } from '../context.ts'
import { updateStatus } from './changes.ts'
import { tell } from './events.ts'
import { sideOf } from './policy.ts'
import { lockBooking } from './queries.ts'
import { noSuchBooking } from './results.ts'
import { withRetry } from './retry.ts'
import { mayBecome, statusAt } from './rules.ts'
import { BookingType } from './type.ts'

type Released = { __typename: 'HoldReleased'; bookingId: string }

const HoldReleasedType = builder.objectRef<Released>('HoldReleased').implement({
  ...seenBy.partners,
  fields: (t) => ({
    booking: t.field({ type: BookingType, resolve: ({ bookingId }) => bookingId }),
  }),
})

const ReleaseHoldResultType = builder.unionType('ReleaseHoldResult', {
  types: [HoldReleasedType, ConflictErrorType, NotFoundErrorType],
  resolveType: ({ __typename }) => __typename,
})

const released = (bookingId: string): Released => ({ __typename: 'HoldReleased', bookingId })

/** A released hold ends now and reads EXPIRED. One that has ended already is left as it is: the call may be repeated. */
async function release(sql: Sql, id: string, { viewer, now }: Context) {
  const booking = await lockBooking(sql, id)
  if (!booking) return noSuchBooking()
  if (sideOf(viewer, booking) !== 'client') {
    throw new AppError('FORBIDDEN', 'Only the client releases a hold.')
  }
  if (booking.status === 'EXPIRED') return released(id)
  if (!mayBecome(booking.status, 'EXPIRED')) {
    return userError('ConflictError', 'The booking is more than a hold. Cancel it instead.', [
      'bookingId',
    ])
  }
  const at = now()
  const isOver = statusAt(booking, at) === 'EXPIRED'
  const end = { id, status: 'EXPIRED' as const, ...(!isOver && { holdExpiresAt: at }) }
  await tell(sql, 'expired', await updateStatus(sql, end))
  return released(id)
}

builder.mutationField('releaseHold', (t) =>
  t.field({
    ...seenBy.partners,
    ...requires(['bookings:write']),
    type: ReleaseHoldResultType,
    args: { bookingId: t.arg.id({ required: true }) },
    resolve: async (_, { bookingId }, context) => {
      const id = fromGlobalId('Booking', bookingId)
      if (!id) return noSuchBooking()
      const answer = await withRetry(() => context.db.write((sql) => release(sql, id, context)))
      BookingType.getDataloader(context).clear(id)
      return answer
    },
  }),
)
