import { iso, type MockGraph, type Row, refusal } from './mock-graph.ts'
import { paymentRow } from './mock-price.ts'
import { type MockState, nextFree, slotOfToken, type tell } from './mock-state.ts'

type Input = { input: Record<string, unknown> }
type Tell = typeof tell

const find = (state: MockState, id: unknown) => state.bookings.find((booking) => booking.id === id)

function startCheckout({ state }: MockGraph, { input }: Input): Row {
  const booking = find(state, input.bookingId)
  if (!booking) return refusal('NotFoundError', 'NOT_FOUND')
  if ((booking.holdExpiresMs ?? 0) < Date.now()) return refusal('ConflictError', 'CONFLICT')
  booking.payment = { status: 'REQUIRES_ACTION' }
  return {
    __typename: 'CheckoutStarted',
    payment: paymentRow(booking),
    redirectUrl: `${state.origin}/mock-pay/${booking.id}`,
    expiresAt: iso(booking.holdExpiresMs ?? 0),
  }
}

function rescheduleBooking({ state, bookingRow }: MockGraph, { input }: Input, tell: Tell): Row {
  const booking = find(state, input.bookingId)
  const wanted = slotOfToken(state, String(input.slotToken))
  if (!booking || !wanted) return refusal('NotFoundError', 'NOT_FOUND')
  if (booking.version !== input.expectedVersion)
    return refusal('StaleBookingError', 'CONFLICT', { current: bookingRow(booking) })
  if (!nextFree(state, wanted.serviceId).some(({ startMs }) => startMs === wanted.startMs))
    return refusal('SlotTakenError', 'CONFLICT', { alternatives: [] })
  booking.startMs = wanted.startMs
  booking.version += 1
  tell(state, booking, 'MOVED')
  return { __typename: 'BookingMoved', booking: bookingRow(booking) }
}

function setServicePrice({ state, serviceRow }: MockGraph, { input }: Input): Row {
  const service = state.services.find(({ id }) => id === input.serviceId)
  if (!service) return refusal('NotFoundError', 'NOT_FOUND')
  const amount = Number(input.amount)
  if (amount > 0 && amount < 50)
    return { ...refusal('ValidationError', 'BAD_USER_INPUT'), path: ['amount'] }
  service.price = amount
  return { __typename: 'ServicePriced', service: serviceRow(service.id) }
}

/** The part of the root that is about money and moving. */
export const moneyRoot = (graph: MockGraph, tell: Tell) => ({
  startCheckout: (args: Input) => startCheckout(graph, args),
  rescheduleBooking: (args: Input) => rescheduleBooking(graph, args, tell),
  setServicePrice: (args: Input) => setServicePrice(graph, args),
})
