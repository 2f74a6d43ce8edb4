import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { fromGlobalId, toGlobalId } from '#kit/id'
import { viewerWith } from '../../../stack/testing/subgraph.ts'
import { Harness, key, today, tomorrowAtNine } from './harness.ts'

let it: Harness
beforeAll(async () => {
  it = await Harness.start()
})
afterAll(() => it.stop())
beforeEach(() => it.setClock(today))

const uuidOf = (bookingId: string) => fromGlobalId('Booking', bookingId) ?? ''

describe('the story of a booking', () => {
  test('a client holds a slot, confirms it and cancels it; each step is told once', async () => {
    const { serviceId } = await it.coachWithService({ minimumNotice: 'PT0M' })
    const client = viewerWith(['CLIENT'])
    const slot = await it.slotAt(serviceId, tomorrowAtNine)
    expect(slot).toMatchObject({
      start: tomorrowAtNine,
      end: '2027-06-08T08:00:00.000Z',
      localStart: '2027-06-08T09:00',
      seatsLeft: 1,
    })
    const held = await it.hold(client, slot.token)
    expect(held).toMatchObject({
      __typename: 'SlotHeld',
      expiresAt: '2027-06-07T06:10:00.000Z',
      booking: { status: 'HELD', seats: 1, version: 1, canCancelUntil: null },
    })
    const id = held.booking?.id ?? ''
    expect(await it.confirm(client, id)).toMatchObject({
      __typename: 'BookingConfirmed',
      booking: { id, status: 'CONFIRMED', version: 2, canCancelUntil: '2027-06-07T07:00:00.000Z' },
    })
    expect(await it.cancel(client, id, { reason: 'Ill' })).toMatchObject({
      __typename: 'BookingCancelled',
      booking: { status: 'CANCELLED_BY_CLIENT', version: 3, canCancelUntil: null },
    })
    expect(await it.topics(uuidOf(id))).toEqual([
      'bookings.booking-held',
      'bookings.booking-confirmed',
      'bookings.booking-cancelled',
    ])
    expect((await it.slotAt(serviceId, tomorrowAtNine)).seatsLeft).toBe(1)
  })

  test('a booking knows its service, coach and client', async () => {
    const { serviceId, coachId } = await it.coachWithService()
    const { client, booking } = await it.held(serviceId)
    const query = `query ($id: ID!) { booking(id: $id) {
      reference timeZone createdAt service { id name(locale: "en") } coach { id } client { id } } }`
    const { body } = await it.ask(client, query, { id: booking.id })
    expect(body.data).toEqual({
      booking: {
        reference: booking.reference,
        timeZone: 'Europe/Paris',
        createdAt: today,
        service: { id: serviceId, name: 'Breathing' },
        coach: { id: coachId },
        client: { id: toGlobalId('User', client.id) },
      },
    })
  })
})

describe('who sees a booking', () => {
  const query = 'query ($id: ID!) { booking(id: $id) { id } }'

  test('a stranger gets null for a booking that exists, exactly as for one that does not', async () => {
    const { serviceId } = await it.coachWithService()
    const { booking } = await it.booked(serviceId)
    const stranger = viewerWith(['CLIENT', 'COACH'])
    const existing = await it.ask(stranger, query, { id: booking.id })
    const missing = await it.ask(stranger, query, {
      id: toGlobalId('Booking', crypto.randomUUID()),
    })
    expect(existing.body).toEqual({ data: { booking: null } })
    expect(existing.body).toEqual(missing.body)
    for (const change of ['confirm', 'cancel', 'release'] as const) {
      expect((await it[change](stranger, booking.id)).__typename).toBe('NotFoundError')
    }
  })

  test('client, coach and support see it; an anonymous person is asked to sign in', async () => {
    const { serviceId, coach } = await it.coachWithService()
    const { client, booking } = await it.booked(serviceId)
    for (const viewer of [client, coach, viewerWith(['SUPPORT'])]) {
      const { body } = await it.ask(viewer, query, { id: booking.id })
      expect(body.data).toEqual({ booking: { id: booking.id } })
    }
    const { body } = await it.ask(null, query, { id: booking.id })
    expect(body.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
  })

  test('two clients of one group session each see only themselves; the coach sees both', async () => {
    const { serviceId, coach, coachId } = await it.coachWithService({ capacity: 2 })
    const [one, two] = [await it.booked(serviceId), await it.booked(serviceId)]
    const list = '{ bookings { edges { node { id } } totalCount } }'
    for (const { client, booking } of [one, two]) {
      const { body } = await it.ask(client, list)
      expect(body.data).toEqual({
        bookings: { edges: [{ node: { id: booking.id } }], totalCount: 1 },
      })
    }
    const ofCoach = `query ($r: [_Any!]!) { _entities(representations: $r) {
      ... on Coach { bookings { totalCount } } } }`
    const r = [{ __typename: 'Coach', id: coachId }]
    const count = async (viewer: typeof coach) => (await it.ask(viewer, ofCoach, { r })).body.data
    expect(await count(coach)).toEqual({ _entities: [{ bookings: { totalCount: 2 } }] })
    expect(await count(viewerWith(['COACH']))).toEqual({
      _entities: [{ bookings: { totalCount: 0 } }],
    })
  })

  test('[MP-81] row-level security is what hides it: the same statement without it shows the row', async () => {
    const { serviceId } = await it.coachWithService()
    const { booking } = await it.booked(serviceId)
    const id = uuidOf(booking.id)
    const asStranger = it.db.connect('bookings')
    const hidden = await asStranger.begin(async (sql) => {
      await sql`select set_config('app.user', ${crypto.randomUUID()}, true)`
      return sql`select id from booking where id = ${id}`
    })
    expect(hidden).toHaveLength(0)
    expect(await it.admin`select id from bookings.booking where id = ${id}`).toHaveLength(1)
  })

  test('nobody writes a booking in the name of somebody else', async () => {
    const { serviceId } = await it.coachWithService()
    const { booking } = await it.held(serviceId)
    const stranger = it.db.connect('bookings')
    const stolen = stranger.begin(async (sql) => {
      await sql`select set_config('app.user', ${crypto.randomUUID()}, true)`
      const { count } = await sql`
        update booking set status = 'CONFIRMED' where id = ${uuidOf(booking.id)}`
      return count
    })
    expect(await stolen).toBe(0)
  })
})

describe('who may change what', () => {
  test('the coach neither confirms nor releases a client’s hold', async () => {
    const { serviceId, coach } = await it.coachWithService()
    const { booking } = await it.held(serviceId)
    for (const [name, input] of [
      ['confirmBooking', `input: { idempotencyKey: "${key()}", bookingId: "${booking.id}" }`],
      ['releaseHold', `bookingId: "${booking.id}"`],
    ]) {
      const { body } = await it.ask(coach, `mutation { ${name}(${input}) { __typename } }`)
      expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    }
  })

  test.each([
    ['holdSlot', 'input: { idempotencyKey: "12345678", slotToken: "x" }'],
    ['confirmBooking', 'input: { idempotencyKey: "12345678", bookingId: "x" }'],
    ['cancelBooking', 'input: { idempotencyKey: "12345678", bookingId: "x", expectedVersion: 1 }'],
    ['releaseHold', 'bookingId: "x"'],
  ])('%s needs bookings:write', async (name, input) => {
    const mutation = `mutation { ${name}(${input}) { __typename } }`
    const anonymous = await it.ask(null, mutation)
    expect(anonymous.body.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
    const support = await it.ask(viewerWith(['SUPPORT']), mutation)
    expect(support.body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  })

  test('an idempotency key that is too short is refused before anything happens', async () => {
    const mutation =
      'mutation { holdSlot(input: { idempotencyKey: "1", slotToken: "x" }) { __typename } }'
    const { body } = await it.ask(viewerWith(['CLIENT']), mutation)
    expect(body.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  })
})

describe('confirming', () => {
  test('twice with one key is one confirmation; with another key it is a conflict', async () => {
    const { serviceId } = await it.coachWithService()
    const { client, booking } = await it.held(serviceId)
    const idempotencyKey = key()
    const first = await it.confirm(client, booking.id, idempotencyKey)
    expect(await it.confirm(client, booking.id, idempotencyKey)).toEqual(first)
    expect((await it.confirm(client, booking.id)).__typename).toBe('ConflictError')
  })
})

describe('a price', () => {
  test('is kept at the hold for all seats, and what is not paid is not confirmed', async () => {
    const { serviceId } = await it.coachWithService({ capacity: 3 })
    await it.price(serviceId, 4_500)
    const client = viewerWith(['CLIENT'])
    const { token } = await it.slotAt(serviceId, tomorrowAtNine)
    const id = (await it.hold(client, token, { seats: 2 })).booking?.id ?? ''
    const query = 'query ($id: ID!) { booking(id: $id) { status price { amount currency } } }'
    const { body } = await it.ask(client, query, { id })
    expect(body.data?.booking).toEqual({
      status: 'HELD',
      price: { amount: 9_000, currency: 'EUR' },
    })
    expect(await it.confirm(client, id)).toMatchObject({
      __typename: 'ConflictError',
      message: 'The booking is not paid yet.',
    })
    expect((await it.release(client, id)).__typename).toBe('HoldReleased')
  })
})

describe('cancelling', () => {
  test('is open to the client until the notice, and to the coach until the end', async () => {
    const { serviceId, coach } = await it.coachWithService({ cancelNotice: 'PT12H' })
    const { client, booking } = await it.booked(serviceId)
    it.setClock('2027-06-07T19:00:00.001Z')
    expect(await it.cancel(client, booking.id)).toMatchObject({
      __typename: 'OutsidePolicyError',
      limit: 'CANCEL_NOTICE',
      deadline: '2027-06-07T19:00:00.000Z',
    })
    expect(await it.cancel(coach, booking.id)).toMatchObject({
      __typename: 'BookingCancelled',
      booking: { status: 'CANCELLED_BY_COACH' },
    })
  })

  test('keeps the notice under which it was booked', async () => {
    const { serviceId, coach } = await it.coachWithService({ cancelNotice: 'PT1H' })
    const { client, booking } = await it.booked(serviceId)
    await it.upsertService(coach, { id: serviceId, cancelNotice: 'P30D' })
    expect((await it.cancel(client, booking.id)).__typename).toBe('BookingCancelled')
  })

  test('with a stale version shows the booking as it is now', async () => {
    const { serviceId } = await it.coachWithService()
    const { client, booking } = await it.booked(serviceId)
    expect(await it.cancel(client, booking.id, { expectedVersion: 1 })).toMatchObject({
      __typename: 'StaleBookingError',
      code: 'STALE_BOOKING',
      current: { id: booking.id, version: 2, status: 'CONFIRMED' },
    })
  })

  test('a hold, an ended booking or an unknown one is no cancellation', async () => {
    const { serviceId } = await it.coachWithService({ cancelNotice: 'PT0M' })
    const { client, booking } = await it.held(serviceId)
    const early = await it.cancel(client, booking.id, { expectedVersion: 1 })
    expect(early.__typename).toBe('ConflictError')
    await it.confirm(client, booking.id)
    it.setClock('2027-06-08T08:00:00Z')
    expect((await it.cancel(client, booking.id)).__typename).toBe('ConflictError')
    expect((await it.cancel(client, 'nonsense')).__typename).toBe('NotFoundError')
  })

  test('with one key is one cancellation, and of two at once one is stale', async () => {
    const { serviceId, coach } = await it.coachWithService({ cancelNotice: 'PT0M' })
    const { client, booking } = await it.booked(serviceId)
    const idempotencyKey = key()
    const answers = await Promise.all([
      it.cancel(client, booking.id, { idempotencyKey }),
      it.cancel(client, booking.id, { idempotencyKey }),
      it.cancel(coach, booking.id),
    ])
    const kinds = answers.map(({ __typename }) => __typename)
    expect(kinds[0]).toBe(kinds[1] ?? '')
    expect(new Set(kinds)).toEqual(new Set(['BookingCancelled', 'StaleBookingError']))
  })

  test('by one client of a group leaves the others and frees one seat', async () => {
    const { serviceId } = await it.coachWithService({ capacity: 2 })
    const [one, two] = [await it.booked(serviceId), await it.booked(serviceId)]
    await it.cancel(one.client, one.booking.id)
    expect((await it.slotAt(serviceId, tomorrowAtNine)).seatsLeft).toBe(1)
    const { body } = await it.ask(two.client, '{ bookings { edges { node { status } } } }')
    expect(body.data).toEqual({ bookings: { edges: [{ node: { status: 'CONFIRMED' } }] } })
  })
})
