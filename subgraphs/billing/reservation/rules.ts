export const reservationStates = ['HELD', 'CONFIRMED', 'EXPIRED', 'CANCELLED'] as const
export type ReservationState = (typeof reservationStates)[number]

type Held = { readonly state: ReservationState; readonly holdExpiresAt: Date }

/** True when nobody should pay for it any more. A hold past its end is over, whether bookings said so yet or not. */
export const isOver = ({ state, holdExpiresAt }: Held, now: Date) =>
  state === 'HELD' ? holdExpiresAt <= now : state !== 'CONFIRMED'

/** What a topic of bookings makes of a reservation. */
export const stateAfter: Readonly<Record<string, ReservationState>> = {
  'bookings.booking-held': 'HELD',
  'bookings.booking-confirmed': 'CONFIRMED',
  'bookings.booking-moved': 'CONFIRMED',
  'bookings.booking-cancelled': 'CANCELLED',
  'bookings.booking-expired': 'EXPIRED',
}
