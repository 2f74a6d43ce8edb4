import {
  type Args,
  connection,
  iso,
  type MockGraph,
  type Row,
  refusal,
  slotRow,
} from './mock-graph.ts'
import { moneyRoot } from './mock-money.ts'
import type { MockCoach, MockService } from './mock-people.ts'
import { refund } from './mock-price.ts'
import {
  daysOf,
  freeSlots,
  type MockBooking,
  type MockRule,
  nextFree,
  slotOfToken,
  tell,
} from './mock-state.ts'

/** The coach who is signed in, once they have a profile. */
const ownId = 'coach-own'

type Input = { input: Record<string, unknown> }

const plain = (text: unknown): string =>
  String(text ?? '')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()

function coaches({ state, coachRow }: MockGraph, args: Args): Row {
  const filter = (args.filter ?? {}) as Record<string, string | undefined>
  const found = state.coaches.filter((coach) => {
    const text = plain(
      [coach.displayName, coach.headline, coach.city, ...coach.specialties].join(' '),
    )
    return (
      text.includes(plain(filter.search)) &&
      (!filter.specialty || coach.specialties.includes(filter.specialty)) &&
      (!filter.language || coach.languages.includes(filter.language)) &&
      plain(coach.city).includes(plain(filter.city))
    )
  })
  return connection(
    found.map(({ id }) => coachRow(id) ?? {}),
    args,
  )
}

function slots({ state }: MockGraph, { input }: Input): Row {
  const timeZone = String(input.timeZone)
  const range = { from: Date.parse(String(input.from)), to: Date.parse(String(input.to)) }
  const free = freeSlots(state, String(input.serviceId), range)
  const days = [...daysOf(free, timeZone)].map(([date, own]) => ({
    date,
    slots: own.map((slot) => slotRow(slot, timeZone)),
  }))
  return { __typename: 'Slots', timeZone, computedAt: iso(Date.now()), days }
}

function bookings({ state, bookingRow }: MockGraph, args: Args): Row {
  const { status, from, to } = (args.filter ?? {}) as {
    status?: string[]
    from?: string
    to?: string
  }
  const rows = state.bookings
    .map(bookingRow)
    .filter((row) => !status || status.includes(String(row.status)))
    .filter((row) => !from || String(row.startsAt) >= from)
    .filter((row) => !to || String(row.startsAt) < to)
    .sort((a, b) => (String(a.startsAt) < String(b.startsAt) ? 1 : -1))
  if (args.order === 'NEAREST_FIRST') rows.reverse()
  return connection(rows, args)
}

function holdSlot({ state, bookingRow }: MockGraph, { input }: Input): Row {
  const wanted = slotOfToken(state, String(input.slotToken))
  if (!wanted || state.refusesTokens) return refusal('ValidationError', 'BAD_USER_INPUT')
  const holds = state.bookings.filter(({ status }) => status === 'HELD')
  if (holds.length >= 3) return refusal('OutsidePolicyError', 'CONFLICT', { deadline: null })
  const free = nextFree(state, wanted.serviceId)
  if (!free.some(({ startMs }) => startMs === wanted.startMs))
    return refusal('SlotTakenError', 'CONFLICT', {
      alternatives: free
        .filter(({ startMs }) => startMs > wanted.startMs)
        .slice(0, 6)
        .map((slot) => slotRow(slot, 'Europe/Paris')),
    })
  const holdExpiresMs = Date.now() + state.holdMs
  const booking: MockBooking = {
    ...wanted,
    id: `booking-${crypto.randomUUID().slice(0, 8)}`,
    status: 'HELD',
    holdExpiresMs,
    version: 1,
    price: state.services.find(({ id }) => id === wanted.serviceId)?.price || undefined,
  }
  state.bookings.push(booking)
  tell(state, booking, 'HELD')
  return { __typename: 'SlotHeld', booking: bookingRow(booking), expiresAt: iso(holdExpiresMs) }
}

const find = ({ state }: MockGraph, id: unknown): MockBooking | undefined =>
  state.bookings.find((booking) => booking.id === id)

function change(booking: MockBooking, status: MockBooking['status']): MockBooking {
  booking.status = status
  booking.version += 1
  return booking
}

function confirmBooking(graph: MockGraph, { input }: Input): Row {
  const booking = find(graph, input.bookingId)
  if (!booking) return refusal('NotFoundError', 'NOT_FOUND')
  const expiredMs = booking.holdExpiresMs ?? 0
  if (expiredMs < Date.now())
    return refusal('HoldExpiredError', 'CONFLICT', { expiredAt: iso(expiredMs) })
  return { __typename: 'BookingConfirmed', booking: graph.bookingRow(change(booking, 'CONFIRMED')) }
}

function releaseHold(graph: MockGraph, { bookingId }: Args): Row {
  const booking = find(graph, bookingId)
  if (!booking) return refusal('NotFoundError', 'NOT_FOUND')
  return { __typename: 'HoldReleased', booking: graph.bookingRow(change(booking, 'EXPIRED')) }
}

function cancelBooking(graph: MockGraph, { input }: Input): Row {
  const booking = find(graph, input.bookingId)
  if (!booking) return refusal('NotFoundError', 'NOT_FOUND')
  if (booking.version !== input.expectedVersion)
    return refusal('StaleBookingError', 'CONFLICT', { current: graph.bookingRow(booking) })
  const until = booking.startMs - 24 * 3_600_000
  if (until < Date.now()) return refusal('OutsidePolicyError', 'CONFLICT', { deadline: iso(until) })
  if (!graph.state.isRefundSlow) refund(booking)
  change(booking, 'CANCELLED_BY_CLIENT')
  tell(graph.state, booking, 'CANCELLED')
  return { __typename: 'BookingCancelled', booking: graph.bookingRow(booking) }
}

function upsertCoach({ state, coachRow }: MockGraph, { input }: Input): Row {
  const slug = String(input.slug)
  if (state.coaches.some((coach) => coach.slug === slug && coach.id !== ownId))
    return refusal('ConflictError', 'CONFLICT')
  if (slug === 'admin') return { ...refusal('ValidationError', 'BAD_USER_INPUT'), path: ['slug'] }
  const { bioFr, bioEn, ...rest } = input
  const known = state.coaches.find(({ id }) => id === ownId)
  const coach = {
    ...(known ?? { id: ownId, displayName: 'Léa Fontaine', timeZone: 'Europe/Paris' }),
    ...rest,
    bio: { fr: bioFr ?? '', en: bioEn ?? '' },
    // The input has the shape of the schema, which graphql-js has checked.
  } as MockCoach
  if (known) Object.assign(known, coach)
  else state.coaches.push(coach)
  return { __typename: 'CoachUpserted', coach: coachRow(ownId) }
}

function upsertService({ state, serviceRow }: MockGraph, { input }: Input): Row {
  const { nameFr, nameEn, descriptionFr, descriptionEn, ...rest } = input
  const id = String(input.id ?? `service-${state.services.length + 1}`)
  const service = {
    price: 0,
    ...rest,
    id,
    coachId: ownId,
    name: { fr: nameFr, en: nameEn },
    description: { fr: descriptionFr ?? '', en: descriptionEn ?? '' },
    // As above.
  } as MockService
  const known = state.services.find((own) => own.id === id)
  if (known) Object.assign(known, service)
  else state.services.push(service)
  return { __typename: 'ServiceUpserted', service: serviceRow(id) }
}

function setAvailability({ state, coachRow }: MockGraph, { input }: Input): Row {
  const version = state.availability?.version ?? 0
  if (version !== input.expectedVersion) return refusal('ConflictError', 'CONFLICT')
  const rules = (input.rules as MockRule[]).map((rule, place) => ({ ...rule, id: `rule-${place}` }))
  state.availability = { timeZone: String(input.timeZone), rules, version: version + 1 }
  const coach = coachRow(ownId)
  return {
    __typename: 'AvailabilitySet',
    availability: coach?.availability,
    conflictingBookings: [],
  }
}

/** The root of the graph, for graphql-js. */
export const mockRoot = (graph: MockGraph) => ({
  coaches: (args: Args) => coaches(graph, args),
  coach: ({ slug }: Args) => {
    const coach = graph.state.coaches.find((known) => known.slug === slug)
    return coach ? graph.coachRow(coach.id) : null
  },
  slots: (args: Input) => slots(graph, args),
  booking: ({ id }: Args) => {
    const booking = graph.viewerId ? find(graph, id) : undefined
    return booking ? graph.bookingRow(booking) : null
  },
  viewer: () =>
    graph.viewerId && {
      __typename: 'Viewer',
      id: graph.viewerId,
      roles: ['CLIENT'],
      scopes: [],
      bookings: (args: Args) => bookings(graph, args),
      coach: () => {
        const coach = graph.coachRow(ownId)
        return coach && { ...coach, bookings: (args: Args) => bookings(graph, args) }
      },
    },
  holdSlot: (args: Input) => holdSlot(graph, args),
  confirmBooking: (args: Input) => confirmBooking(graph, args),
  releaseHold: (args: Args) => releaseHold(graph, args),
  cancelBooking: (args: Input) => cancelBooking(graph, args),
  upsertCoach: (args: Input) => upsertCoach(graph, args),
  upsertService: (args: Input) => upsertService(graph, args),
  setAvailability: (args: Input) => setAvailability(graph, args),
  ...moneyRoot(graph, tell),
})
