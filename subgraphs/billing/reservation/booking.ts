import { toGlobalId } from '#kit/id'
import { builder } from '../builder.ts'

/** A booking is what bookings says it is; here it is what is paid for. */
export const BookingType = builder.objectRef<{ id: string }>('Booking').implement({
  fields: (t) => ({ id: t.id({ resolve: ({ id }) => toGlobalId('Booking', id) }) }),
})
