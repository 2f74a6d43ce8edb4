import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { fromGlobalId } from '#kit/id'
import { viewerWith } from '../../../stack/testing/subgraph.ts'
import { createSlotTokens } from '../slot/token.ts'
import { Harness, key, today, tomorrowAtNine } from './harness.ts'

let it: Harness
beforeAll(async () => {
  it = await Harness.start()
})
afterAll(() => it.stop())
beforeEach(() => it.setClock(today))

const uuidOf = (bookingId: string) => fromGlobalId('Booking', bookingId) ?? ''

describe('slot tokens', () => {
  const tokens = createSlotTokens({
    secret: 'another-secret-that-is-long-enough-as-well',
    lifetimeMs: 60_000,
  })

  test('a forged, an expired and a meaningless token are refused with the remedy', async () => {
    const { serviceId } = await it.coachWithService()
    const slot = await it.slotAt(serviceId, tomorrowAtNine)
    const forged = tokens.sign(
      {
        serviceId: fromGlobalId('Service', serviceId) ?? '',
        startsAt: new Date(tomorrowAtNine),
        termsVersion: 1,
      },
      it.now(),
    )
    const client = viewerWith(['CLIENT'])
    const refusal = { __typename: 'ValidationError', path: ['slotToken'] }
    expect(await it.hold(client, forged)).toMatchObject(refusal)
    expect(await it.hold(client, 'nonsense')).toMatchObject(refusal)
    it.pass(15)
    const expired = await it.hold(client, slot.token)
    expect(expired).toMatchObject(refusal)
    expect(expired).toHaveProperty('message', expect.stringContaining('Ask for slots again'))
  })

  test('a token of changed terms or of an archived service holds nothing', async () => {
    const { serviceId, coach } = await it.coachWithService()
    const slot = await it.slotAt(serviceId, tomorrowAtNine)
    await it.upsertService(coach, { id: serviceId, duration: 'PT2H' })
    const client = viewerWith(['CLIENT'])
    const refusal = { __typename: 'ValidationError', path: ['slotToken'] }
    expect(await it.hold(client, slot.token)).toMatchObject(refusal)
    const fresh = await it.slotAt(serviceId, tomorrowAtNine)
    await it.upsertService(coach, { id: serviceId, archived: true })
    expect(await it.hold(client, fresh.token)).toMatchObject(refusal)
  })

  test('a token of one service holds that service, whatever else the coach offers', async () => {
    const { serviceId, coach } = await it.coachWithService()
    await it.upsertService(coach, { nameFr: 'Autre', minimumNotice: 'PT0M' })
    const { token } = await it.slotAt(serviceId, tomorrowAtNine)
    const { booking } = await it.hold(viewerWith(['CLIENT']), token)
    const [row] = await it.admin`
      select service_id from bookings.booking where id = ${uuidOf(booking?.id ?? '')}`
    expect(row?.serviceId).toBe(fromGlobalId('Service', serviceId))
  })

  test('hours that closed after the offer give other times to choose', async () => {
    const { serviceId, coach } = await it.coachWithService()
    const slot = await it.slotAt(serviceId, tomorrowAtNine)
    await it.setHours(coach, {
      expectedVersion: 1,
      exceptions: [{ date: '2027-06-08', closed: true }],
    })
    const refused = await it.hold(viewerWith(['CLIENT']), slot.token)
    expect(refused.__typename).toBe('SlotTakenError')
    expect(refused.alternatives?.[0]?.localStart).toBe('2027-06-09T09:00')
  })
})

describe('holding', () => {
  test('a notice that has passed since the offer says until when it was possible', async () => {
    const { serviceId } = await it.coachWithService({ minimumNotice: 'P1D' })
    it.setClock('2027-06-07T06:50:00Z')
    const { token } = await it.slotAt(serviceId, tomorrowAtNine)
    it.setClock('2027-06-07T07:00:00.001Z')
    expect(await it.hold(viewerWith(['CLIENT']), token)).toMatchObject({
      __typename: 'OutsidePolicyError',
      code: 'OUTSIDE_POLICY',
      limit: 'MINIMUM_NOTICE',
      deadline: '2027-06-07T07:00:00.000Z',
    })
  })

  test('the same key gives the same booking; the same key for another slot is refused', async () => {
    const { serviceId } = await it.coachWithService()
    const client = viewerWith(['CLIENT'])
    const slot = await it.slotAt(serviceId, tomorrowAtNine)
    const idempotencyKey = key()
    const [first, second] = await Promise.all([
      it.hold(client, slot.token, { idempotencyKey }),
      it.hold(client, slot.token, { idempotencyKey }),
    ])
    expect(first.__typename).toBe('SlotHeld')
    expect(second).toEqual(first)
    const other = await it.slotAt(serviceId, '2027-06-08T09:00:00.000Z')
    const mutation = `mutation ($input: HoldSlotInput!) { holdSlot(input: $input) { __typename } }`
    const input = { idempotencyKey, slotToken: other.token }
    const { body } = await it.ask(client, mutation, { input })
    expect(body.errors?.[0]?.extensions.code).toBe('IDEMPOTENCY_MISMATCH')
  })

  test('a key with U+0000 is the client’s fault', async () => {
    const { serviceId } = await it.coachWithService()
    const { token } = await it.slotAt(serviceId, tomorrowAtNine)
    const mutation = `mutation ($input: HoldSlotInput!) { holdSlot(input: $input) { __typename } }`
    const input = { idempotencyKey: `${key()}\0`, slotToken: token }
    const { body } = await it.ask(viewerWith(['CLIENT']), mutation, { input })
    expect(body.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  })

  test('a repeated key gives its answer even after the token has expired', async () => {
    const { serviceId } = await it.coachWithService()
    const client = viewerWith(['CLIENT'])
    const { token } = await it.slotAt(serviceId, tomorrowAtNine)
    const idempotencyKey = key()
    const first = await it.hold(client, token, { idempotencyKey })
    it.pass(20)
    const again = await it.hold(client, token, { idempotencyKey })
    expect(again).toMatchObject({ __typename: 'SlotHeld', booking: { id: first.booking?.id } })
  })

  test('holding again what one holds gives the hold; with other seats it is refused', async () => {
    const { serviceId } = await it.coachWithService({ capacity: 4 })
    const { client, booking } = await it.held(serviceId)
    const { token } = await it.slotAt(serviceId, tomorrowAtNine)
    expect((await it.hold(client, token)).booking?.id).toBe(booking.id)
    expect(await it.hold(client, token, { seats: 2 })).toMatchObject({
      __typename: 'ValidationError',
      path: ['seats'],
    })
  })

  test('a client cannot be in two places: another coach at the same time is refused', async () => {
    const [one, two] = [await it.coachWithService(), await it.coachWithService()]
    const { client } = await it.booked(one.serviceId)
    const { token } = await it.slotAt(two.serviceId, '2027-06-08T07:30:00.000Z')
    expect(await it.hold(client, token)).toMatchObject({
      __typename: 'ValidationError',
      message: 'You already have a booking at that time.',
    })
    const after = await it.slotAt(two.serviceId, '2027-06-08T08:00:00.000Z')
    expect((await it.hold(client, after.token)).__typename).toBe('SlotHeld')
  })

  test('one client holds three slots and no fourth until one of them ends', async () => {
    const { serviceId } = await it.coachWithService()
    const client = viewerWith(['CLIENT'])
    const slots = (await it.slots(serviceId)).filter((_, index) => index % 4 === 0)
    const tokens = slots.map(({ token }) => token)
    for (const token of tokens.slice(0, 3)) {
      expect((await it.hold(client, token)).__typename).toBe('SlotHeld')
    }
    const fourth = tokens[3] ?? ''
    expect(await it.hold(client, fourth)).toMatchObject({
      __typename: 'OutsidePolicyError',
      limit: 'LIVE_HOLDS',
    })
    it.pass(10)
    expect((await it.hold(client, fourth)).__typename).toBe('SlotHeld')
  })

  test.each([[0], [21]])('%d seats are refused', async (seats) => {
    expect(await it.hold(viewerWith(['CLIENT']), 'x', { seats })).toMatchObject({
      __typename: 'ValidationError',
      path: ['seats'],
    })
  })

  test('more seats than a session has are refused with their number, and nobody was faster', async () => {
    const { serviceId } = await it.coachWithService({ capacity: 3 })
    const { token } = await it.slotAt(serviceId, tomorrowAtNine)
    expect(await it.hold(viewerWith(['CLIENT']), token, { seats: 4 })).toMatchObject({
      __typename: 'ValidationError',
      message: 'A session of this service has 3 seats.',
      path: ['seats'],
    })
    const single = await it.coachWithService()
    const alone = await it.slotAt(single.serviceId, tomorrowAtNine)
    expect(await it.hold(viewerWith(['CLIENT']), alone.token, { seats: 2 })).toMatchObject({
      message: 'A session of this service has 1 seat.',
      path: ['seats'],
    })
    // Seats that are there but gone are still a race that was lost.
    await it.booked(serviceId)
    expect((await it.hold(viewerWith(['CLIENT']), token, { seats: 3 })).__typename).toBe(
      'SlotTakenError',
    )
  })

  test('the buffers of the moment are in the busy range and keep other starts away', async () => {
    const { serviceId } = await it.coachWithService({
      bufferBefore: 'PT10M',
      bufferAfter: 'PT20M',
      step: 'PT10M',
    })
    const { booking } = await it.booked(serviceId, '2027-06-08T09:00:00.000Z')
    const [row] = await it.admin<{ busy: string; during: string }[]>`
      select lower(busy)::text || ' ' || upper(busy)::text as busy from bookings.session
      where id = (select session_id from bookings.booking where id = ${uuidOf(booking.id)})`
    expect(row?.busy).toBe('2027-06-08 08:50:00+00 2027-06-08 10:20:00+00')
    const starts = (await it.slots(serviceId)).map(({ start }) => start.slice(11, 16))
    // 60 minutes and its own 20 minutes after must end by 08:50; its own 10 minutes before begin at 10:20.
    expect(starts.filter((start) => start > '07:20' && start < '10:40')).toEqual(['07:30', '10:30'])
  })
})

describe('the end of a hold', () => {
  test('is read at once, frees the slot, and refuses to be confirmed', async () => {
    const { serviceId } = await it.coachWithService()
    const { client, booking } = await it.held(serviceId)
    expect(await it.slots(serviceId)).not.toContainEqual(
      expect.objectContaining({ start: tomorrowAtNine }),
    )
    it.pass(10)
    const query = 'query ($id: ID!) { booking(id: $id) { status } }'
    const { body } = await it.ask(client, query, { id: booking.id })
    expect(body.data).toEqual({ booking: { status: 'EXPIRED' } })
    expect((await it.slotAt(serviceId, tomorrowAtNine)).seatsLeft).toBe(1)
    expect(await it.confirm(client, booking.id)).toMatchObject({
      __typename: 'HoldExpiredError',
      code: 'HOLD_EXPIRED',
      expiredAt: booking.holdExpiresAt,
    })
    expect(await it.topics(uuidOf(booking.id))).toEqual([
      'bookings.booking-held',
      'bookings.booking-expired',
    ])
  })

  test('gives way inside the hold that wants the slot', async () => {
    const { serviceId } = await it.coachWithService()
    const { client, booking } = await it.held(serviceId)
    it.pass(10)
    const next = await it.held(serviceId)
    expect(next.booking.id).not.toBe(booking.id)
    expect((await it.confirm(client, booking.id)).__typename).toBe('HoldExpiredError')
    expect((await it.confirm(next.client, next.booking.id)).__typename).toBe('BookingConfirmed')
    expect(await it.topics(uuidOf(booking.id))).toEqual([
      'bookings.booking-held',
      'bookings.booking-expired',
    ])
  })

  test('a confirmation one moment before it is in time', async () => {
    const { serviceId } = await it.coachWithService()
    const { client, booking } = await it.held(serviceId)
    it.setClock('2027-06-07T06:09:59.999Z')
    expect((await it.confirm(client, booking.id)).__typename).toBe('BookingConfirmed')
  })

  test('in a group only the overdue seats come free', async () => {
    const { serviceId } = await it.coachWithService({ capacity: 3 })
    await it.booked(serviceId)
    const { client, booking } = await it.held(serviceId)
    expect((await it.slotAt(serviceId, tomorrowAtNine)).seatsLeft).toBe(1)
    it.pass(10)
    expect((await it.slotAt(serviceId, tomorrowAtNine)).seatsLeft).toBe(2)
    expect((await it.confirm(client, booking.id)).__typename).toBe('HoldExpiredError')
  })

  test('releasing ends it now, may be repeated, and is refused once it is confirmed', async () => {
    const { serviceId } = await it.coachWithService()
    const { client, booking } = await it.held(serviceId)
    it.pass(1)
    const released = await it.release(client, booking.id)
    expect(released).toMatchObject({
      __typename: 'HoldReleased',
      booking: { status: 'EXPIRED', holdExpiresAt: '2027-06-07T06:01:00.000Z' },
    })
    expect(await it.release(client, booking.id)).toEqual(released)
    const next = await it.booked(serviceId)
    expect((await it.release(next.client, next.booking.id)).__typename).toBe('ConflictError')
  })

  test('releasing an overdue hold tells of its end and leaves the instant', async () => {
    const { serviceId } = await it.coachWithService()
    const { client, booking } = await it.held(serviceId)
    it.pass(30)
    expect(await it.release(client, booking.id)).toMatchObject({
      booking: { status: 'EXPIRED', holdExpiresAt: booking.holdExpiresAt },
    })
  })
})
