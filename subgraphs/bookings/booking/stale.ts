import { seenBy } from '#kit/builder'
import type { UserError } from '#kit/user-error'
import { builder, UserErrorType } from '../builder.ts'
import { BookingType } from './type.ts'

export type Stale = UserError<'StaleBookingError'> & { bookingId: string }

export const StaleBookingErrorType = builder.objectRef<Stale>('StaleBookingError').implement({
  ...seenBy.partners,
  interfaces: [UserErrorType],
  fields: (t) => ({
    current: t.field({ type: BookingType, resolve: ({ bookingId }) => bookingId }),
  }),
})

export const stale = (bookingId: string): Stale => ({
  __typename: 'StaleBookingError',
  code: 'STALE_BOOKING',
  message: 'The booking has changed meanwhile. Look at it again first.',
  path: ['expectedVersion'],
  bookingId,
})
