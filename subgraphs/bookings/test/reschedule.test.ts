import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { fromGlobalId, toGlobalId } from '#kit/id'
import { viewerWith } from '../../../stack/testing/subgraph.ts'
import { createSlotTokens } from '../slot/token.ts'
import {
  type Booking,
  bookingFields,
  errorFields,
  Harness,
  type Held,
  key,
  slotSecret,
  today,
  tomorrowAtNine,
  type Variables,
  type Viewer,
} from './harness.ts'

let it: Harness
beforeAll(async () => {
  it = await Harness.start()
  // The crowd meets an open pool: what is tested is the race for a slot, not the one for connections.
  await Promise.all(Array.from({ length: 10 }, () => it.coachWithService()))
}, 30_000)
afterAll(() => it.stop())
beforeEach(() => it.setClock(today))

const mutation = `mutation ($input: RescheduleInput!) { rescheduleBooking(input: $input) {
  __typename ${errorFields}
  ... on BookingMoved { booking { ${bookingFields} canRescheduleUntil } }
  ... on SlotTakenError { alternatives { start token } }
  ... on OutsidePolicyError { deadline limit }
  ... on StaleBookingError { current { ${bookingFields} } }
} }`

type MovedBooking = Booking & { canRescheduleUntil: string | null }
type Answer = Omit<Held, 'booking'> & { booking?: MovedBooking; current?: Booking }

const reschedule = (viewer: Viewer, bookingId: string, change: Variables) => {
  const input = { idempotencyKey: key(), expectedVersion: 2, bookingId, ...change }
  return it.field<Answer>(viewer, mutation, { input })
}

/** An offer that the service would not make while the booking is where it is. */
const signed = (serviceId: string, start: string) =>
  createSlotTokens({ secret: slotSecret, lifetimeMs: 60_000 }).sign(
    {
      serviceId: fromGlobalId('Service', serviceId) ?? '',
      startsAt: new Date(start),
      termsVersion: 1,
    },
    it.now(),
  )

const uuidOf = (bookingId: string) => fromGlobalId('Booking', bookingId) ?? ''
const at = (hour: string) => `2027-06-08T${hour}:00.000Z`
const tokenAt = async (serviceId: string, start: string) =>
  (await it.slotAt(serviceId, start)).token
const startsOf = async (serviceId: string) =>
  (await it.slots(serviceId, { to: at('12:00') })).map(({ start }) => start.slice(11, 16))

test('moving late and cancelling then gives back no more than cancelling at once would have', async () => {
  const stepsOf = async (client: Viewer, id: string) => {
    const query = `query ($id: ID!) { booking(id: $id) {
      cancellationPolicy { steps { atLeastBefore refundPercent } } } }`
    const { body } = await it.ask(client, query, { id })
    return Object(body.data).booking.cancellationPolicy.steps
  }
  const { serviceId } = await it.coachWithService({ cancelNotice: 'PT2H' })
  const { client, booking } = await it.booked(serviceId)
  const early = await tokenAt(serviceId, '2027-06-09T07:00:00.000Z')
  await reschedule(client, booking.id, { slotToken: early })
  expect(await stepsOf(client, booking.id)).toEqual([
    { atLeastBefore: 'P1D', refundPercent: 100 },
    { atLeastBefore: 'PT2H', refundPercent: 50 },
  ])
  it.setClock('2027-06-08T07:00:00.001Z')
  const late = await tokenAt(serviceId, '2027-06-15T07:00:00.000Z')
  expect(
    (await reschedule(client, booking.id, { slotToken: late, expectedVersion: 3 })).__typename,
  ).toBe('BookingMoved')
  expect(await stepsOf(client, booking.id)).toEqual([
    { atLeastBefore: 'P1D', refundPercent: 50 },
    { atLeastBefore: 'PT2H', refundPercent: 50 },
  ])
})

describe('moving a booking', () => {
  test('keeps its id and frees the old time; the event says where it was', async () => {
    const { serviceId } = await it.coachWithService({ step: 'PT1H' })
    const { client, booking } = await it.booked(serviceId)
    const slotToken = await tokenAt(serviceId, at('09:00'))
    const moved = await reschedule(client, booking.id, { slotToken })
    expect(moved).toMatchObject({
      __typename: 'BookingMoved',
      booking: { id: booking.id, startsAt: at('09:00'), endsAt: at('10:00'), version: 3 },
    })
    expect(moved.booking?.canRescheduleUntil).toBe('2027-06-07T09:00:00.000Z')
    expect(await startsOf(serviceId)).toEqual(['07:00', '08:00', '10:00', '11:00'])
    const [told] = await it.admin<{ payload: unknown }[]>`
      select payload from bookings.outbox
      where entity_id = ${uuidOf(booking.id)} and topic = 'bookings.booking-moved'`
    expect(told?.payload).toMatchObject({
      startsAt: at('09:00'),
      before: { startsAt: tomorrowAtNine, endsAt: at('08:00') },
      version: 3,
    })
  })

  test('to a time that overlaps its own is a move like any other', async () => {
    const { serviceId } = await it.coachWithService({ step: 'PT15M', bufferAfter: 'PT10M' })
    const { client, booking } = await it.booked(serviceId, at('08:00'))
    // Offered to nobody: the booking itself is in the way, and it is what moves.
    expect((await it.slots(serviceId)).map(({ start }) => start)).not.toContain(at('08:30'))
    const slotToken = signed(serviceId, at('08:30'))
    const moved = await reschedule(client, booking.id, { slotToken })
    expect(moved.booking?.startsAt).toBe(at('08:30'))
    expect((await it.hold(viewerWith(['CLIENT']), slotToken)).__typename).toBe('SlotTakenError')
    // Somebody else's time is no less in the way for it.
    await it.booked(serviceId, at('10:00'))
    const into = signed(serviceId, at('09:15'))
    const refused = await reschedule(client, booking.id, { slotToken: into, expectedVersion: 3 })
    expect(refused.__typename).toBe('SlotTakenError')
  })

  test('in a group takes one seat there and frees one here', async () => {
    const { serviceId } = await it.coachWithService({ capacity: 2, step: 'PT1H' })
    const [one, two] = [await it.booked(serviceId), await it.booked(serviceId)]
    const three = await it.booked(serviceId, at('09:00'))
    const slotToken = await tokenAt(serviceId, at('09:00'))
    expect((await reschedule(one.client, one.booking.id, { slotToken })).__typename).toBe(
      'BookingMoved',
    )
    expect((await it.slotAt(serviceId, tomorrowAtNine)).seatsLeft).toBe(1)
    expect(await startsOf(serviceId)).not.toContain('09:00')
    const full = await reschedule(two.client, two.booking.id, { slotToken })
    expect(full.__typename).toBe('SlotTakenError')
    const seats = await it.admin<{ seatsTaken: number; status: string }[]>`
      select seats_taken, session.status from bookings.session
      join bookings.booking on session_id = session.id
      where booking.id in (${uuidOf(two.booking.id)}, ${uuidOf(three.booking.id)})
      order by lower(session.during)`
    expect([...seats]).toEqual([
      { seatsTaken: 1, status: 'CONFIRMED' },
      { seatsTaken: 2, status: 'CONFIRMED' },
    ])
  })

  test('with one key is one move', async () => {
    const { serviceId } = await it.coachWithService({ step: 'PT1H' })
    const { client, booking } = await it.booked(serviceId)
    const wish = { slotToken: await tokenAt(serviceId, at('09:00')), idempotencyKey: key() }
    const answers = await Promise.all([
      reschedule(client, booking.id, wish),
      reschedule(client, booking.id, wish),
    ])
    expect(answers.map((answer) => answer.booking?.version)).toEqual([3, 3])
    expect(await it.topics(uuidOf(booking.id))).toHaveLength(3)
  })

  test('twenty people to one slot at once: one wins, nineteen keep theirs and see what is free', async () => {
    const hours = {
      rules: [
        { rrule: 'FREQ=DAILY', startLocal: '00:00', duration: 'PT24H', validFrom: '2027-01-01' },
      ],
    }
    const { serviceId } = await it.coachWithService({ step: 'PT1H', cancelNotice: 'PT0M' }, hours)
    const booked: Awaited<ReturnType<typeof it.booked>>[] = []
    for (let hour = 0; hour < 20; hour += 1) {
      const start = new Date(Date.parse('2027-06-08T00:00:00Z') + hour * 3_600_000).toISOString()
      booked.push(await it.booked(serviceId, start))
    }
    const slotToken = await tokenAt(serviceId, '2027-06-08T21:00:00.000Z')
    const answers = await Promise.all(
      booked.map(({ client, booking }) => reschedule(client, booking.id, { slotToken })),
    )
    const kinds = answers.map(({ __typename }) => __typename)
    expect(kinds.filter((kind) => kind === 'BookingMoved')).toHaveLength(1)
    expect(kinds.filter((kind) => kind === 'SlotTakenError')).toHaveLength(19)
    const [row] = await it.admin<{ live: number }[]>`
      select count(*)::int as live from bookings.session
      where service_id = ${fromGlobalId('Service', serviceId)} and status = 'CONFIRMED'`
    expect(row?.live).toBe(20)
  }, 60_000)

  test('and cancelling at once: one of them is stale, and the seat is free or moved', async () => {
    const { serviceId } = await it.coachWithService({ step: 'PT1H' })
    const { client, booking } = await it.booked(serviceId)
    const slotToken = await tokenAt(serviceId, at('09:00'))
    const [moved, cancelled] = await Promise.all([
      reschedule(client, booking.id, { slotToken }),
      it.cancel(client, booking.id),
    ])
    const kinds = new Set([moved.__typename, cancelled.__typename])
    expect(kinds).toContain('StaleBookingError')
    expect(kinds.size).toBe(2)
  })
})

describe('a move is refused', () => {
  test('after the notice, and after three moves, with the limit that says no', async () => {
    const { serviceId } = await it.coachWithService({ step: 'PT1H' })
    const { client, booking } = await it.booked(serviceId)
    for (const [index, hour] of ['08:00', '09:00', '10:00'].entries()) {
      const slotToken = await tokenAt(serviceId, at(hour))
      const moved = await reschedule(client, booking.id, { slotToken, expectedVersion: index + 2 })
      expect(moved.booking?.canRescheduleUntil === null).toBe(index === 2)
    }
    const slotToken = await tokenAt(serviceId, at('12:00'))
    expect(await reschedule(client, booking.id, { slotToken, expectedVersion: 5 })).toMatchObject({
      __typename: 'OutsidePolicyError',
      limit: 'RESCHEDULES',
      deadline: null,
    })
    const other = await it.booked(serviceId)
    it.setClock('2027-06-07T07:00:00.001Z')
    const late = { slotToken: await tokenAt(serviceId, at('12:00')) }
    expect(await reschedule(other.client, other.booking.id, late)).toMatchObject({
      __typename: 'OutsidePolicyError',
      limit: 'CANCEL_NOTICE',
      deadline: '2027-06-07T07:00:00.000Z',
    })
  })

  test('for a stale version, a hold, a foreign or a forged token, and the same time', async () => {
    const { serviceId } = await it.coachWithService({ step: 'PT1H' })
    const other = await it.coachWithService()
    const { client, booking } = await it.booked(serviceId)
    const slotToken = await tokenAt(serviceId, at('09:00'))
    expect(await reschedule(client, booking.id, { slotToken, expectedVersion: 1 })).toMatchObject({
      __typename: 'StaleBookingError',
      current: { version: 2 },
    })
    const conflict = { __typename: 'ConflictError' }
    const foreign = await tokenAt(other.serviceId, at('09:00'))
    expect(await reschedule(client, booking.id, { slotToken: foreign })).toMatchObject(conflict)
    expect(await reschedule(client, booking.id, { slotToken: 'forged' })).toMatchObject(conflict)
    const held = await it.held(serviceId, at('10:00'))
    const ofHold = await reschedule(held.client, held.booking.id, { slotToken, expectedVersion: 1 })
    expect(ofHold).toMatchObject(conflict)
    const group = await it.coachWithService({ capacity: 2 })
    const mine = await it.booked(group.serviceId)
    const same = await tokenAt(group.serviceId, tomorrowAtNine)
    expect(await reschedule(mine.client, mine.booking.id, { slotToken: same })).toMatchObject(
      conflict,
    )
  })

  test('when the terms have changed since the offer', async () => {
    const { serviceId, coach } = await it.coachWithService({ step: 'PT1H' })
    const { client, booking } = await it.booked(serviceId)
    const slotToken = await tokenAt(serviceId, at('09:00'))
    await it.upsertService(coach, { id: serviceId, duration: 'PT2H' })
    expect((await reschedule(client, booking.id, { slotToken })).__typename).toBe('ConflictError')
  })

  test('when the client has something else then', async () => {
    const [one, two] = [await it.coachWithService(), await it.coachWithService()]
    const { client, booking } = await it.booked(one.serviceId)
    await it.booked(two.serviceId, at('09:00'), client)
    const slotToken = await tokenAt(one.serviceId, at('09:30'))
    expect(await reschedule(client, booking.id, { slotToken })).toMatchObject({
      __typename: 'ConflictError',
      message: 'You already have a booking at that time.',
    })
  })

  test('to strangers as if there were no booking; the coach and support may not', async () => {
    const { serviceId, coach } = await it.coachWithService({ step: 'PT1H' })
    const { booking } = await it.booked(serviceId)
    const slotToken = await tokenAt(serviceId, at('09:00'))
    const stranger = viewerWith(['CLIENT'])
    const hidden = await reschedule(stranger, booking.id, { slotToken })
    const missing = await reschedule(stranger, toGlobalId('Booking', crypto.randomUUID()), {
      slotToken,
    })
    expect(hidden.__typename).toBe('NotFoundError')
    expect(hidden).toEqual(missing)
    expect((await reschedule(stranger, 'nonsense', { slotToken })).__typename).toBe('NotFoundError')
    const input = { idempotencyKey: key(), expectedVersion: 2, bookingId: booking.id, slotToken }
    const { body } = await it.ask(coach, mutation, { input })
    expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    const support = await it.ask(viewerWith(['SUPPORT']), mutation, { input })
    expect(support.body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  })
})
