import { requires, seenBy } from '#kit/builder'
import { AppError } from '#kit/errors'
import { fromGlobalId } from '#kit/id'
import { forget, once } from '#kit/idempotency'
import type { Sql, Transaction } from '#kit/postgres'
import { type UserError, userError } from '#kit/user-error'
import { builder, ConflictErrorType, NotFoundErrorType, UserErrorType } from '../builder.ts'
import type { Context } from '../context.ts'
import { updateStatus } from './changes.ts'
import { tell } from './events.ts'
import { idOfCaller, sideOf } from './policy.ts'
import { type BookingRow, lockBooking } from './queries.ts'
import { idempotencyKey, noSuchBooking } from './results.ts'
import { withRetry } from './retry.ts'
import { statusAt } from './rules.ts'
import { BookingType } from './type.ts'

type Confirmed = { __typename: 'BookingConfirmed'; bookingId: string }
type HoldExpired = UserError<'HoldExpiredError'> & { expiredAt: string }
type Answer = Confirmed | HoldExpired | UserError<'ConflictError' | 'NotFoundError'>

const BookingConfirmedType = builder.objectRef<Confirmed>('BookingConfirmed').implement({
  ...seenBy.partners,
  fields: (t) => ({
    booking: t.field({ type: BookingType, resolve: ({ bookingId }) => bookingId }),
  }),
})

const HoldExpiredErrorType = builder.objectRef<HoldExpired>('HoldExpiredError').implement({
  ...seenBy.partners,
  interfaces: [UserErrorType],
  fields: (t) => ({
    expiredAt: t.field({ type: 'DateTime', resolve: ({ expiredAt }) => new Date(expiredAt) }),
  }),
})

const ConfirmBookingResultType = builder.unionType('ConfirmBookingResult', {
  types: [BookingConfirmedType, HoldExpiredErrorType, ConflictErrorType, NotFoundErrorType],
  resolveType: ({ __typename }) => __typename,
})

const ConfirmBookingInputType = builder.inputType('ConfirmBookingInput', {
  fields: (t) => ({
    idempotencyKey: t.string({ required: true, validate: idempotencyKey }),
    bookingId: t.id({ required: true }),
  }),
})

const holdExpired = (expiredAt: Date): HoldExpired => ({
  __typename: 'HoldExpiredError',
  code: 'HOLD_EXPIRED',
  message: 'The hold has ended. Choose a time again.',
  path: ['bookingId'],
  expiredAt: expiredAt.toISOString(),
})

const conflict = (message: string) => userError('ConflictError', message, ['bookingId'])

const confirmed = (bookingId: string): Confirmed => ({ __typename: 'BookingConfirmed', bookingId })

async function expire(sql: Sql, booking: BookingRow, holdExpiresAt: Date) {
  if (booking.status === 'HELD') {
    await tell(sql, 'expired', await updateStatus(sql, { id: booking.id, status: 'EXPIRED' }))
  }
  return holdExpired(holdExpiresAt)
}

async function confirm(sql: Sql, id: string, context: Context): Promise<Answer> {
  const booking = await lockBooking(sql, id)
  if (!booking) return noSuchBooking()
  if (sideOf(context.viewer, booking) !== 'client') {
    throw new AppError('FORBIDDEN', 'Only the client confirms a booking.')
  }
  const status = statusAt(booking, context.now())
  if (status === 'EXPIRED' && booking.holdExpiresAt) {
    return expire(sql, booking, booking.holdExpiresAt)
  }
  // The payment may have confirmed it meanwhile: whoever asks after that gets what they want.
  if (status === 'CONFIRMED' && booking.paymentId !== null) return confirmed(id)
  if (status !== 'HELD') return conflict('The booking is not held any more.')
  if (booking.priceMinor !== null) return conflict('The booking is not paid yet.')
  await tell(sql, 'confirmed', await updateStatus(sql, { id, status: 'CONFIRMED' }))
  return confirmed(id)
}

type Identity = Parameters<typeof once>[1]

/** Only what is confirmed is kept for the key: a payment may still come, on a hold that is over too. */
async function confirmOnce(sql: Transaction, identity: Identity, work: () => Promise<Answer>) {
  const answer = await once(sql, identity, work)
  if (answer.__typename !== 'BookingConfirmed') await forget(sql, identity)
  return answer
}

builder.mutationField('confirmBooking', (t) =>
  t.field({
    ...seenBy.partners,
    ...requires(['bookings:write']),
    type: ConfirmBookingResultType,
    args: { input: t.arg({ type: ConfirmBookingInputType, required: true }) },
    resolve: async (_, { input: { bookingId, idempotencyKey: key } }, context) => {
      const principal = idOfCaller(context.viewer)
      const id = fromGlobalId('Booking', bookingId)
      if (!id) return noSuchBooking()
      const identity = { principal, key, operation: 'confirmBooking', request: { id } }
      const answer = await withRetry(() =>
        context.db.write((sql) => confirmOnce(sql, identity, () => confirm(sql, id, context))),
      )
      BookingType.getDataloader(context).clear(id)
      return answer
    },
  }),
)
