import { z } from 'zod'
import { requires, seenBy } from '#kit/builder'
import { AppError } from '#kit/errors'
import { fromGlobalId } from '#kit/id'
import { once } from '#kit/idempotency'
import type { Sql } from '#kit/postgres'
import { type UserError, userError } from '#kit/user-error'
import { builder, ConflictErrorType, NotFoundErrorType } from '../builder.ts'
import { refundOf } from '../cancellation/rules.ts'
import type { Context } from '../context.ts'
import { updateStatus } from './changes.ts'
import { tell } from './events.ts'
import { idOfCaller, sideOf } from './policy.ts'
import { type BookingRow, lockBooking } from './queries.ts'
import { idempotencyKey, noSuchBooking, OutsidePolicyErrorType } from './results.ts'
import { withRetry } from './retry.ts'
import {
  type CancelVerdict,
  cancelVerdict,
  keptOf,
  type OutsidePolicy,
  outsidePolicy,
} from './rules.ts'
import { type Stale, StaleBookingErrorType, stale } from './stale.ts'
import { BookingType } from './type.ts'

type Cancelled = { __typename: 'BookingCancelled'; bookingId: string }
type Answer = Cancelled | Stale | OutsidePolicy | UserError<'ConflictError' | 'NotFoundError'>

const BookingCancelledType = builder.objectRef<Cancelled>('BookingCancelled').implement({
  ...seenBy.partners,
  fields: (t) => ({
    booking: t.field({ type: BookingType, resolve: ({ bookingId }) => bookingId }),
  }),
})

const CancelResultType = builder.unionType('CancelResult', {
  types: [
    BookingCancelledType,
    OutsidePolicyErrorType,
    StaleBookingErrorType,
    ConflictErrorType,
    NotFoundErrorType,
  ],
  resolveType: ({ __typename }) => __typename,
})

const reasonText = z.string().max(500, 'A reason has at most 500 characters.')

const CancelInputType = builder.inputType('CancelInput', {
  fields: (t) => ({
    idempotencyKey: t.string({ required: true, validate: idempotencyKey }),
    bookingId: t.id({ required: true }),
    expectedVersion: t.int({ required: true }),
    reason: t.string({ validate: reasonText }),
  }),
})

const refused = (verdict: Exclude<CancelVerdict, { kind: 'CANCEL' }>) =>
  verdict.kind === 'TOO_LATE'
    ? outsidePolicy(
        'CANCEL_NOTICE',
        'It is too late to cancel. Talk to your coach.',
        verdict.deadline,
      )
    : userError('ConflictError', verdict.message, ['bookingId'])

function sideOfCaller({ viewer }: Context, booking: BookingRow): 'client' | 'coach' {
  const side = sideOf(viewer, booking)
  if (side) return side
  throw new AppError('FORBIDDEN', 'Only the client and the coach cancel a booking.')
}

type Wish = { id: string; expectedVersion: number; reason: string | null }

async function cancel(sql: Sql, wish: Wish, context: Context): Promise<Answer> {
  const { id, expectedVersion, reason } = wish
  const booking = await lockBooking(sql, id)
  if (!booking) return noSuchBooking()
  const side = sideOfCaller(context, booking)
  if (booking.version !== expectedVersion) return stale(id)
  const now = context.now()
  const verdict = cancelVerdict(booking, side, now)
  if (verdict.kind !== 'CANCEL') return refused(verdict)
  const refund = refundOf({ ...booking, kept: keptOf(booking) }, side, now)?.amount ?? null
  const cancelled = await updateStatus(sql, { id, status: verdict.status, cancelReason: reason })
  await tell(sql, 'cancelled', { ...cancelled, refund, cancelledBy: side, reason })
  return { __typename: 'BookingCancelled', bookingId: id }
}

builder.mutationField('cancelBooking', (t) =>
  t.field({
    ...seenBy.partners,
    ...requires(['bookings:write']),
    type: CancelResultType,
    args: { input: t.arg({ type: CancelInputType, required: true }) },
    resolve: async (_, { input }, context) => {
      const principal = idOfCaller(context.viewer)
      const { idempotencyKey: key, bookingId, expectedVersion } = input
      const id = fromGlobalId('Booking', bookingId)
      if (!id) return noSuchBooking()
      const wish = { id, expectedVersion, reason: input.reason ?? null }
      const identity = { principal, key, operation: 'cancelBooking', request: wish }
      const answer = await withRetry(() =>
        context.db.write((sql) => once(sql, identity, () => cancel(sql, wish, context))),
      )
      BookingType.getDataloader(context).clear(id)
      return answer
    },
  }),
)
