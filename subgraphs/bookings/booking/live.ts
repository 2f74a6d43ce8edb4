import { requires, signedIn } from '#kit/builder'
import { AppError } from '#kit/errors'
import { builder } from '../builder.ts'
import { BookingType } from './type.ts'

export const bookingEventKinds = [
  'CURRENT',
  'HELD',
  'CONFIRMED',
  'MOVED',
  'CANCELLED',
  'EXPIRED',
  'UNSEATED',
  'PAYMENT',
] as const

export type BookingEvent = {
  readonly id: string
  readonly kind: (typeof bookingEventKinds)[number]
  readonly at: Date
  readonly bookingId: string
}

const BookingEventKindType = builder.enumType('BookingEventKind', {
  description:
    'CURRENT: the state at the beginning, so who connects again has missed nothing. PAYMENT: the money side changed.',
  values: bookingEventKinds,
})

const BookingEventType = builder.objectRef<BookingEvent>('BookingEvent').implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    kind: t.expose('kind', { type: BookingEventKindType }),
    at: t.expose('at', { type: 'DateTime' }),
    booking: t.field({
      type: BookingType,
      description: 'As it is when the event is sent.',
      resolve: ({ bookingId }) => bookingId,
    }),
  }),
})

function nothing(): AsyncIterable<BookingEvent> {
  throw new AppError('NOT_FOUND', 'There is no such booking.')
}

builder.subscriptionField('bookingChanged', (t) =>
  t.field({
    ...signedIn,
    type: BookingEventType,
    description: 'The present state first (kind CURRENT), then one event for each change.',
    args: { bookingId: t.arg.id({ required: true }) },
    subscribe: () => nothing(),
    resolve: (event) => event,
  }),
)

builder.subscriptionField('coachCalendarChanged', (t) =>
  t.field({
    ...requires(['coach'], ['bookings:admin']),
    type: BookingEventType,
    description: "Each change of a booking of the coach's sessions: their own, or for support.",
    args: { coachId: t.arg.id({ required: true }) },
    subscribe: () => nothing(),
    resolve: (event) => event,
  }),
)
