import { formatInstant, minutesOf } from '../i18n/format.ts'
import { mockPolicy, moneyOf, paymentRow, refundPreview } from './mock-price.ts'
import {
  daysOf,
  type MockBooking,
  type MockSlot,
  type MockState,
  nextFree,
  tokenOf,
} from './mock-state.ts'

type Args = Record<string, unknown>
type Row = Record<string, unknown>

const iso = (ms: number): string => new Date(ms).toISOString()
const refusal = (__typename: string, code: string, extra: Row = {}): Row => ({
  __typename,
  code,
  message: code,
  path: null,
  ...extra,
})

const localized =
  (texts: { fr: string; en: string }) =>
  ({ locale }: Args) =>
    locale === 'en' ? texts.en : texts.fr

function slotRow(slot: MockSlot, timeZone: string): Row {
  const place = { tag: 'en-GB', timeZone }
  const date = [...daysOf([slot], timeZone).keys()][0]
  return {
    start: iso(slot.startMs),
    end: iso(slot.endMs),
    localStart: `${date}T${formatInstant(iso(slot.startMs), 'time', place).padStart(5, '0')}`,
    seatsLeft: slot.seatsLeft,
    token: tokenOf(slot),
  }
}

/** Cursors are positions: honest enough for a list that does not change under the test. */
function connection(rows: readonly Row[], { first, after }: Args): Row {
  const start = typeof after === 'string' ? Number(after) + 1 : 0
  const end = start + Number(first ?? 25)
  const edges = rows
    .slice(start, end)
    .map((node, index) => ({ node, cursor: String(start + index) }))
  return {
    totalCount: rows.length,
    edges,
    pageInfo: {
      hasNextPage: end < rows.length,
      hasPreviousPage: start > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}

/** Resolvers over a mock state, in the shapes of the public graph. */
export function mockGraph(state: MockState, viewerId: string | null) {
  const fromBilling = (row: Row | null): Row | null => {
    if (state.isBillingDown) throw new Error('Billing is unavailable.')
    return row
  }
  const serviceRow = (id: string): Row | null => {
    const service = state.services.find((known) => known.id === id)
    if (!service) return null
    return {
      ...service,
      __typename: 'Service',
      name: localized(service.name),
      description: localized(service.description),
      bufferBefore: 'PT0M',
      bufferAfter: 'PT0M',
      minimumNotice: 'PT2H',
      horizon: 'P60D',
      cancelNotice: 'PT24H',
      cancellationPolicy: mockPolicy,
      price: () => fromBilling(moneyOf(service.price)),
      coach: () => coachRow(service.coachId),
    }
  }
  const servicesOf = (coachId: string) =>
    state.services.filter((known) => known.coachId === coachId)
  const coachRow = (id: string): Row | null => {
    const coach = state.coaches.find((known) => known.id === id)
    if (!coach) return null
    return {
      ...coach,
      __typename: 'Coach',
      bio: localized(coach.bio),
      services: (args: Args) =>
        connection(
          servicesOf(id).map((own) => serviceRow(own.id) ?? {}),
          args,
        ),
      nextFreeSlot: () => {
        const [slot] = servicesOf(id).flatMap((own) => nextFree(state, own.id).slice(0, 1))
        return slot ? iso(slot.startMs) : null
      },
      availability: state.availability && { ...state.availability, exceptions: () => [] },
    }
  }
  const bookingRow = (booking: MockBooking): Row => {
    const service = serviceRow(booking.serviceId)
    const endMs = booking.startMs + minutesOf(String(service?.duration)) * 60_000
    const cancelUntilMs = booking.startMs - 24 * 3_600_000
    const isOpen = booking.status === 'CONFIRMED' && cancelUntilMs > Date.now()
    const coach = coachRow(String(service?.coachId))
    return {
      ...booking,
      __typename: 'Booking',
      reference: `7F3K${booking.id.slice(-4).toUpperCase()}`,
      seats: 1,
      service,
      coach,
      startsAt: iso(booking.startMs),
      endsAt: iso(endMs),
      timeZone: coach?.timeZone,
      status:
        booking.status === 'HELD' && (booking.holdExpiresMs ?? 0) < Date.now()
          ? 'EXPIRED'
          : booking.status,
      holdExpiresAt: booking.holdExpiresMs && iso(booking.holdExpiresMs),
      canCancelUntil: isOpen ? iso(cancelUntilMs) : null,
      canRescheduleUntil: isOpen ? iso(cancelUntilMs) : null,
      price: moneyOf(booking.price),
      cancellationPolicy: mockPolicy,
      refundPreview: refundPreview(booking),
      payment: () => fromBilling(paymentRow(booking)),
      client: { __typename: 'User', id: 'viewer-1', displayName: 'Léa Fontaine' },
      createdAt: iso(Date.now()),
    }
  }
  return { state, viewerId, serviceRow, coachRow, bookingRow }
}

export type MockGraph = ReturnType<typeof mockGraph>
export { type Args, connection, iso, type Row, refusal, slotRow }
