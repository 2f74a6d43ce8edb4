import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { fromGlobalId } from '#kit/id'
import { until } from '#kit/test/until'
import { viewerWith } from '../../../stack/testing/subgraph.ts'
import { Billing } from './billing.ts'
import { Harness, today, tomorrowAtNine, type Viewer } from './harness.ts'

let it: Harness
let billing: Billing
beforeAll(async () => {
  it = await Harness.start()
  await it.service?.start()
  billing = await Billing.start(it)
})
afterAll(async () => {
  await billing.stop()
  await it.stop()
})
beforeEach(() => it.setClock(today))

const tomorrowAtTen = '2027-06-08T08:00:00.000Z'
const uuidOf = (bookingId: string) => fromGlobalId('Booking', bookingId) ?? ''

const query = `query ($id: ID!) { booking(id: $id) {
  status version price { amount currency }
  refundPreview { percent amount { amount currency } until }
  cancellationPolicy { cancelNotice steps { atLeastBefore refundPercent } }
} }`
type Seen = {
  status: string
  version: number
  refundPreview: { percent: number; amount: { amount: number }; until: string | null } | null
}
const seen = async (viewer: Viewer, id: string) =>
  Object(await it.ask(viewer, query, { id })).body.data.booking as Seen

const becomes = (viewer: Viewer, id: string, status: string) =>
  until(`the booking is ${status}`, async () => (await seen(viewer, id)).status === status)

const toldOf = async (id: string, change: string) => {
  const [row] = await it.admin<{ payload: Record<string, unknown> }[]>`
    select payload from bookings.outbox
    where entity_id = ${uuidOf(id)} and topic = ${`bookings.booking-${change}`}`
  return row?.payload ?? null
}
const isTold = (id: string, change: string) =>
  until(`it is told as ${change}`, async () => (await toldOf(id, change)) !== null)

async function priced(amount = 5_000, change = {}) {
  const offer = await it.coachWithService({ cancelNotice: 'PT2H', ...change })
  await it.price(offer.serviceId, amount)
  return offer
}

async function paid(serviceId: string, amount = 5_000, start = tomorrowAtNine) {
  const { client, booking } = await it.held(serviceId, start)
  const paymentId = await billing.paid(booking.id, amount)
  await becomes(client, booking.id, 'CONFIRMED')
  return { client, booking, paymentId }
}

describe('a price of billing', () => {
  test('is kept with the hold, and slot tokens of before it are refused', async () => {
    const { serviceId } = await it.coachWithService()
    const client = viewerWith(['CLIENT'])
    const before = await it.slotAt(serviceId, tomorrowAtNine)
    await billing.price(serviceId, { amount: 4_200, version: 1 })
    const tokenOf = async () => (await it.slotAt(serviceId, tomorrowAtNine)).token
    const refused = async () => (await it.hold(client, before.token)).__typename
    await until('the price has arrived', async () => {
      const [row] = await it.admin`
        select 1 from bookings.service_price where service_id = ${fromGlobalId('Service', serviceId)}`
      return row !== undefined
    })
    expect(await refused()).toBe('ValidationError')
    const { booking } = await it.hold(client, await tokenOf())
    expect(await seen(client, booking?.id ?? '')).toMatchObject({
      price: { amount: 4_200, currency: 'EUR' },
    })
    expect(await toldOf(booking?.id ?? '', 'held')).toMatchObject({
      price: { amount: 4_200, currency: 'EUR' },
      serviceName: { fr: 'Respiration', en: 'Breathing' },
      timeZone: 'Europe/Paris',
      location: 'ONLINE',
      startsAt: tomorrowAtNine,
      holdExpiresAt: '2027-06-07T06:10:00.000Z',
      seats: 1,
      version: 1,
    })
  })

  test('that is older than the one we have changes nothing; none makes the service free', async () => {
    const { serviceId } = await it.coachWithService()
    const kept = async () => {
      const [row] = await it.admin<{ amountMinor: number | null; terms: number }[]>`
        select amount_minor, service.version as terms from bookings.service_price
        join bookings.service on service.id = service_id
        where service_id = ${fromGlobalId('Service', serviceId)}`
      return row ?? null
    }
    await billing.price(serviceId, { amount: 900, version: 2 })
    await billing.price(serviceId, { amount: 100, version: 1 })
    await billing.price(serviceId, { amount: 0, version: 3 })
    await until('the last one has arrived', async () => (await kept())?.amountMinor === null)
    expect(await kept()).toEqual({ amountMinor: null, terms: 3 })
    const { client, booking } = await it.held(serviceId)
    expect((await it.confirm(client, booking.id)).__typename).toBe('BookingConfirmed')
  })
})

describe('a payment', () => {
  test('confirms the hold; confirming again gives the same', async () => {
    const { serviceId } = await priced()
    const { client, booking } = await it.held(serviceId)
    expect((await it.confirm(client, booking.id)).__typename).toBe('ConflictError')
    await billing.paid(booking.id, 5_000)
    await becomes(client, booking.id, 'CONFIRMED')
    expect(await it.confirm(client, booking.id)).toMatchObject({
      __typename: 'BookingConfirmed',
      booking: { version: 2 },
    })
    expect(await it.topics(uuidOf(booking.id))).toEqual([
      'bookings.booking-held',
      'bookings.booking-confirmed',
      'bookings.booking-payment-changed',
    ])
  })

  test('that was not there yet, or came late: the same key is answered anew', async () => {
    const { serviceId } = await priced()
    const [soon, late] = [await it.held(serviceId), await it.held(serviceId, tomorrowAtTen)]
    const [one, two] = [crypto.randomUUID(), crypto.randomUUID()]
    const confirm = ({ client, booking }: typeof soon, idempotencyKey: typeof one) =>
      it.confirm(client, booking.id, idempotencyKey)
    expect(await confirm(soon, one)).toMatchObject({ message: 'The booking is not paid yet.' })
    await billing.paid(soon.booking.id, 5_000)
    await becomes(soon.client, soon.booking.id, 'CONFIRMED')
    expect((await confirm(soon, one)).__typename).toBe('BookingConfirmed')
    it.pass(30)
    expect((await confirm(late, two)).__typename).toBe('HoldExpiredError')
    await billing.paid(late.booking.id, 5_000)
    await becomes(late.client, late.booking.id, 'CONFIRMED')
    expect((await confirm(late, two)).__typename).toBe('BookingConfirmed')
  })

  test('that comes late takes the slot again when it is free', async () => {
    const { serviceId } = await priced()
    const { client, booking } = await it.held(serviceId)
    it.pass(30)
    expect((await seen(client, booking.id)).status).toBe('EXPIRED')
    await billing.paid(booking.id, 5_000)
    await becomes(client, booking.id, 'CONFIRMED')
    expect(await it.slots(serviceId)).not.toContainEqual(
      expect.objectContaining({ start: tomorrowAtNine }),
    )
  })

  test('that comes late for a slot that has gone unseats: nobody is moved, and billing is told', async () => {
    const { serviceId } = await priced()
    const late = await it.held(serviceId)
    it.pass(10)
    const winner = await it.held(serviceId)
    const paymentId = await billing.paid(late.booking.id, 5_000)
    await isTold(late.booking.id, 'unseated')
    expect(await toldOf(late.booking.id, 'unseated')).toMatchObject({ paymentId })
    expect((await seen(late.client, late.booking.id)).status).toBe('EXPIRED')
    expect((await seen(winner.client, winner.booking.id)).status).toBe('HELD')
  })

  test('that comes late takes a seat in the session that has taken the place of its own', async () => {
    const { serviceId } = await priced(5_000, { capacity: 2 })
    const late = await it.held(serviceId)
    it.pass(10)
    const other = await it.held(serviceId)
    await billing.paid(late.booking.id, 5_000)
    await becomes(late.client, late.booking.id, 'CONFIRMED')
    const [row] = await it.admin<{ sessions: number }[]>`
      select count(distinct session_id)::int as sessions from bookings.booking
      where id in (${uuidOf(late.booking.id)}, ${uuidOf(other.booking.id)})`
    expect(row?.sessions).toBe(1)
    const third = await it.held(serviceId).catch(() => null)
    expect(third).toBeNull()
  })

  test('of a client who has meanwhile booked elsewhere at that time unseats', async () => {
    const [one, two] = [await priced(), await it.coachWithService()]
    const { client, booking } = await it.held(one.serviceId)
    it.pass(10)
    await it.booked(two.serviceId, tomorrowAtNine, client)
    await billing.paid(booking.id, 5_000)
    await isTold(booking.id, 'unseated')
    expect((await seen(client, booking.id)).status).toBe('EXPIRED')
  })

  test('for a session that has begun unseats', async () => {
    const { serviceId } = await priced()
    const { booking } = await it.held(serviceId)
    it.setClock(tomorrowAtNine)
    await billing.paid(booking.id, 5_000)
    await isTold(booking.id, 'unseated')
  })

  test('one slot, ten late payments at once: one is seated and nine are given back', async () => {
    const { serviceId } = await priced()
    const holds: Awaited<ReturnType<typeof it.held>>[] = []
    for (let count = 0; count < 10; count += 1) {
      holds.push(await it.held(serviceId))
      it.pass(10)
    }
    await Promise.all(holds.map(({ booking }) => billing.paid(booking.id, 5_000)))
    const changes = () =>
      Promise.all(
        holds.map(async ({ booking }) =>
          (await it.topics(uuidOf(booking.id))).filter((topic) => /confirmed|unseated/.test(topic)),
        ),
      )
    await until('all are decided', async () => (await changes()).every(({ length }) => length > 0))
    const decided = (await changes()).flat()
    expect(decided.filter((topic) => topic.endsWith('confirmed'))).toHaveLength(1)
    expect(decided).toHaveLength(10)
  }, 20_000)
})

describe('cancelling what is paid', () => {
  test('the preview is what the cancellation then gives back, step by step', async () => {
    const { serviceId } = await priced(5_001)
    const { client, booking } = await paid(serviceId, 5_001)
    it.setClock('2027-06-07T07:00:00.000Z')
    expect((await seen(client, booking.id)).refundPreview).toEqual({
      percent: 100,
      amount: { amount: 5_001, currency: 'EUR' } as never,
      until: '2027-06-07T07:00:00.000Z',
    })
    it.setClock('2027-06-07T07:00:00.001Z')
    const { refundPreview } = await seen(client, booking.id)
    expect(refundPreview).toMatchObject({ percent: 50, amount: { amount: 2_500 }, until: null })
    expect((await it.cancel(client, booking.id, { reason: 'Ill' })).__typename).toBe(
      'BookingCancelled',
    )
    expect(await toldOf(booking.id, 'cancelled')).toMatchObject({
      refund: { amount: 2_500, currency: 'EUR' },
      cancelledBy: 'client',
      reason: 'Ill',
    })
    expect((await seen(client, booking.id)).refundPreview).toBeNull()
  })

  test('by the coach gives everything back; of a free one nothing', async () => {
    const { serviceId, coach } = await priced()
    const { booking } = await paid(serviceId)
    it.setClock('2027-06-08T06:59:00.000Z')
    await it.cancel(coach, booking.id)
    expect(await toldOf(booking.id, 'cancelled')).toMatchObject({
      refund: { amount: 5_000, currency: 'EUR' },
      cancelledBy: 'coach',
    })
    it.setClock(today)
    const free = await it.coachWithService()
    const booked = await it.booked(free.serviceId)
    await it.cancel(booked.client, booked.booking.id)
    expect(await toldOf(booked.booking.id, 'cancelled')).toMatchObject({ refund: null })
  })

  test('what was given back before is not given back again', async () => {
    const { serviceId } = await priced()
    const { client, booking, paymentId } = await paid(serviceId)
    await billing.refunded(booking.id, { paymentId, refunded: 2_000 })
    await billing.refunded(booking.id, { paymentId, refunded: 2_000 })
    await until('the refund is known', async () => {
      const { refundPreview } = await seen(client, booking.id)
      return refundPreview?.amount.amount === 3_000
    })
    const { version } = await seen(client, booking.id)
    expect(version).toBe(3)
    await it.cancel(client, booking.id, { expectedVersion: version })
    expect(await toldOf(booking.id, 'cancelled')).toMatchObject({
      refund: { amount: 3_000, currency: 'EUR' },
    })
  })

  test('a refund that a bank sent back is owed again', async () => {
    const { serviceId, coach } = await priced()
    const { client, booking, paymentId } = await paid(serviceId)
    const previews = (amount: number) =>
      until(`the preview is ${amount}`, async () => {
        const { refundPreview } = await seen(client, booking.id)
        return refundPreview?.amount.amount === amount
      })
    await billing.refunded(booking.id, { paymentId, refunded: 2_000 })
    await previews(3_000)
    await billing.refunded(booking.id, { paymentId, refunded: 0 })
    await previews(5_000)
    const { version } = await seen(client, booking.id)
    await it.cancel(coach, booking.id, { expectedVersion: version })
    expect(await toldOf(booking.id, 'cancelled')).toMatchObject({
      refund: { amount: 5_000, currency: 'EUR' },
    })
  })

  test('the policy is that of the hold, with the steps that can be reached', async () => {
    const { serviceId, coach } = await priced(5_000, { cancelNotice: 'PT2H' })
    const { client, booking } = await paid(serviceId)
    await it.upsertService(coach, { id: serviceId, cancelNotice: 'P2D' })
    expect(await seen(client, booking.id)).toMatchObject({
      cancellationPolicy: {
        cancelNotice: 'PT2H',
        steps: [
          { atLeastBefore: 'P1D', refundPercent: 100 },
          { atLeastBefore: 'PT2H', refundPercent: 50 },
        ],
      },
    })
    const service =
      'query ($id: ID!) { service(id: $id) { cancellationPolicy { steps { atLeastBefore refundPercent } } } }'
    const { body } = await it.ask(null, service, { id: serviceId })
    expect(body.data).toEqual({
      service: { cancellationPolicy: { steps: [{ atLeastBefore: 'P2D', refundPercent: 100 }] } },
    })
  })
})

test('a service is told of with its names, by each edit', async () => {
  const { serviceId, coach } = await it.coachWithService()
  await it.upsertService(coach, { id: serviceId, archived: true })
  const rows = await it.admin<{ payload: unknown }[]>`
    select payload from bookings.outbox
    where topic = 'bookings.service-changed' and entity_id = ${fromGlobalId('Service', serviceId)}
    order by seq`
  const told = { coachId: coach.id, name: { fr: 'Respiration', en: 'Breathing' } }
  expect(rows.map(({ payload }) => payload)).toMatchObject([
    { ...told, archived: false },
    { ...told, archived: true },
  ])
})
