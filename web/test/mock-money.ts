import { iso, type MockGraph, type Row, refusal } from './mock-graph.ts'
import { type MockBooking, type MockState, nextFree, slotOfToken, type tell } from './mock-state.ts'

type Input = { input: Record<string, unknown> }
type Tell = typeof tell

const hourMs = 3_600_000
/** Everything back three days before, half of it one day before, nothing later. */
export const mockPolicy = {
  cancelNotice: 'PT24H',
  steps: [
    { atLeastBefore: 'P3D', refundPercent: 100 },
    { atLeastBefore: 'PT24H', refundPercent: 50 },
  ],
}

export const moneyOf = (amount: number | null | undefined): Row | null =>
  amount ? { amount, currency: 'EUR' } : null

/** Percent and the instant until which it holds, as the policy gives it now. */
function stepNow(booking: MockBooking): { percent: number; untilMs: number | null } | null {
  const left = booking.startMs - Date.now()
  if (left > 72 * hourMs) return { percent: 100, untilMs: booking.startMs - 72 * hourMs }
  return left > 24 * hourMs ? { percent: 50, untilMs: null } : null
}

export function refundPreview(booking: MockBooking): Row | null {
  const step = booking.status === 'CONFIRMED' && booking.price ? stepNow(booking) : null
  if (!step) return null
  return {
    percent: step.percent,
    amount: moneyOf(Math.round(((booking.price ?? 0) * step.percent) / 100)),
    until: step.untilMs && iso(step.untilMs),
  }
}

export function paymentRow({ id, price, payment }: MockBooking): Row | null {
  if (!payment) return null
  return {
    __typename: 'Payment',
    id: `payment-${id}`,
    status: payment.status,
    amount: moneyOf(price),
    refunded: { amount: payment.refunded ?? 0, currency: 'EUR' },
    failureCode: payment.status === 'FAILED' ? 'card_declined' : null,
    createdAt: iso(Date.now()),
  }
}

/** Gives back what the policy says, as the worker of billing would a moment later. */
export function refund(booking: MockBooking): void {
  const step = stepNow(booking)
  if (!booking.payment || !booking.price || !step) return
  const refunded = Math.round((booking.price * step.percent) / 100)
  const status = step.percent === 100 ? 'REFUNDED' : 'PARTIALLY_REFUNDED'
  booking.payment = { status, refunded }
}

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
