import { requires } from '#kit/builder'
import { builder, ConflictErrorType, NotFoundErrorType } from '../builder.ts'
import { SlotTakenErrorType } from './hold.ts'
import { idempotencyKey, noSuchBooking, OutsidePolicyErrorType } from './results.ts'
import { StaleBookingErrorType } from './stale.ts'
import { BookingType } from './type.ts'

type Moved = { __typename: 'BookingMoved'; bookingId: string }

const BookingMovedType = builder.objectRef<Moved>('BookingMoved').implement({
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

builder.mutationField('rescheduleBooking', (t) =>
  t.field({
    ...requires(['bookings:write']),
    type: RescheduleResultType,
    description:
      'Moves a confirmed booking to another slot of the same service, for the same price; it is never without a seat.',
    args: { input: t.arg({ type: RescheduleInputType, required: true }) },
    resolve: () => noSuchBooking(),
  }),
)
