import { requires, seenBy } from '#kit/builder'
import { AppError } from '#kit/errors'
import { fromGlobalId } from '#kit/id'
import { once } from '#kit/idempotency'
import type { Transaction } from '#kit/postgres'
import { builder, ConflictErrorType, NotFoundErrorType } from '../builder.ts'
import type { Context } from '../context.ts'
import { SlotTakenErrorType } from './hold.ts'
import { asConflict, type MoveAnswer, type Moved, move } from './move.ts'
import { notOffered, refusalFrom } from './offer.ts'
import { idOfCaller, sideOf } from './policy.ts'
import { bookingsByIds } from './queries.ts'
import { idempotencyKey, noSuchBooking, OutsidePolicyErrorType } from './results.ts'
import { withRetry } from './retry.ts'
import { StaleBookingErrorType } from './stale.ts'
import { BookingType } from './type.ts'

const BookingMovedType = builder.objectRef<Moved>('BookingMoved').implement({
  ...seenBy.partners,
  fields: (t) => ({
    booking: t.field({ type: BookingType, resolve: ({ bookingId }) => bookingId }),
  }),
})

const RescheduleResultType = builder.unionType('RescheduleResult', {
  types: [
    BookingMovedType,
    SlotTakenErrorType,
    OutsidePolicyErrorType,
    StaleBookingErrorType,
    ConflictErrorType,
    NotFoundErrorType,
  ],
  resolveType: ({ __typename }) => __typename,
})

const RescheduleInputType = builder.inputType('RescheduleInput', {
  fields: (t) => ({
    idempotencyKey: t.string({ required: true, validate: idempotencyKey }),
    bookingId: t.id({ required: true }),
    expectedVersion: t.int({ required: true }),
    slotToken: t.string({ required: true }),
  }),
})

type Wish = { id: string; expectedVersion: number; slotToken: string }

/** The caller's own booking as it is before anybody lines up; null when there is none that they see. */
async function ownBooking(sql: Transaction, id: string, { viewer }: Context) {
  const [booking] = await bookingsByIds(sql, [id])
  if (booking && sideOf(viewer, booking) !== 'client') {
    throw new AppError('FORBIDDEN', 'Only the client moves a booking.')
  }
  return booking ?? null
}

async function reschedule(sql: Transaction, wish: Wish, context: Context): Promise<MoveAnswer> {
  const booking = await ownBooking(sql, wish.id, context)
  if (!booking) return noSuchBooking()
  const claim = context.slotTokens.read(wish.slotToken, context.now())
  if (!claim) return asConflict(notOffered())
  const { expectedVersion } = wish
  const answer = await sql
    .savepoint((inner) => move(inner, { booking, expectedVersion, claim }, context))
    .catch((error: unknown) => {
      const refusal = refusalFrom(error, { ...booking, claim })
      if (refusal) return refusal
      throw error
    })
  return answer.__typename === 'BookingMoved' ? answer : asConflict(answer)
}

builder.mutationField('rescheduleBooking', (t) =>
  t.field({
    ...seenBy.partners,
    ...requires(['bookings:write']),
    type: RescheduleResultType,
    description:
      'Moves a confirmed booking to another slot of the same service, for the same price; it is never without a seat.',
    args: { input: t.arg({ type: RescheduleInputType, required: true }) },
    resolve: async (_, { input }, context) => {
      const principal = idOfCaller(context.viewer)
      const { idempotencyKey: key, bookingId, expectedVersion, slotToken } = input
      const id = fromGlobalId('Booking', bookingId)
      if (!id) return noSuchBooking()
      const wish = { id, expectedVersion, slotToken }
      const identity = { principal, key, operation: 'rescheduleBooking', request: wish }
      const answer = await withRetry(() =>
        context.db.write((sql) => once(sql, identity, () => reschedule(sql, wish, context))),
      )
      BookingType.getDataloader(context).clear(id)
      return answer
    },
  }),
)
