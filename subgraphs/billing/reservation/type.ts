import { fromGlobalId } from '#kit/id'
import { builder } from '../builder.ts'
import { PaymentType, reader } from '../payment/type.ts'
import { BookingType } from './booking.ts'

builder.objectField(BookingType, 'payment', (t) =>
  t.field({
    ...reader,
    type: PaymentType,
    nullable: true,
    description:
      'The payment that counts, or the last that was tried. Null when there is none to see.',
    resolve: ({ id }, _, { paymentOfBooking }) => paymentOfBooking.load(id),
  }),
)

builder.asEntity(BookingType, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: (reference) => {
    const id = fromGlobalId('Booking', reference.id)
    return id ? { id } : null
  },
})
