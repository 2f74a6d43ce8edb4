import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { fromGlobalId } from '#kit/id'
import { database, systemContext } from '#kit/postgres'
import { nobodyCame, settle } from '../payment/settle.ts'
import { Harness, type Payment, type Told, until } from './harness.ts'

let it: Harness
beforeAll(async () => {
  it = await Harness.start()
}, 30_000)
afterAll(() => it.stop())
beforeEach(() => {
  it.stripe.refundState = 'SUCCEEDED'
})

const becomes = (booking: Told, status: string) =>
  until(async () => (await it.paymentOf(booking.client, booking))?.status === status)

const refundsOf = async (payment: Payment) => it.admin`
  select amount, cause, status from billing.refund
  where payment_id = ${fromGlobalId('Payment', payment.id)} order by created_at, id`

const hears = (booking: Told) =>
  until(async () => {
    const rows = await it.admin`
      select true from billing.reservation
      where booking_id = ${booking.bookingId} and version = ${booking.version}`
    return rows.length === 1
  })

describe('a hold that ends unpaid', () => {
  test('has its page closed: nobody pays for what they cannot have', async () => {
    const { booking, checkoutId } = await it.started()
    await it.tellBooking('expired', booking)
    await becomes(booking, 'CANCELLED')
    expect(it.stripe.pay(checkoutId)).toBe(false)
  })

  test('is noticed though nobody tells of it', async () => {
    const { booking, checkoutId } = await it.started()
    it.pass(10)
    await becomes(booking, 'CANCELLED')
    expect(it.stripe.pages.get(checkoutId)?.state).toBe('EXPIRED')
  })

  test('waits for a provider that is away, and asks again later', async () => {
    const { booking } = await it.started()
    it.stripe.failNext('expireCheckout', 'before')
    const calls = it.stripe.calls.length
    await it.tellBooking('expired', booking)
    await until(() => it.stripe.calls.length > calls)
    expect(await it.paymentOf(booking.client, booking)).toMatchObject({ status: 'REQUIRES_ACTION' })
    it.pass(0.2)
    await becomes(booking, 'CANCELLED')
  })

  test('ends a payment whose page was never noted: nobody was sent there', async () => {
    const booking = await it.held()
    it.stripe.failNext('createCheckout', 'after')
    await expect(it.start(booking.client, booking)).rejects.toThrow('UNAVAILABLE')
    await it.tellBooking('expired', booking)
    await becomes(booking, 'CANCELLED')
  })

  test('while the provider is still making the page: it is closed again, and nobody is sent there', async () => {
    const booking = await it.held()
    const { promise, resolve } = Promise.withResolvers<void>()
    it.stripe.slow = promise
    const asked = it.start(booking.client, booking)
    await until(() =>
      it.stripe.pages.values().some((page) => page.request.bookingId === booking.bookingId),
    )
    it.stripe.slow = null
    await it.tellBooking('expired', booking)
    await becomes(booking, 'CANCELLED')
    resolve()
    expect(await asked).toMatchObject({ __typename: 'ConflictError', path: ['bookingId'] })
    const page = it.stripe.pages
      .values()
      .find(({ request }) => request.bookingId === booking.bookingId)
    expect(page?.state).toBe('EXPIRED')
  })
})

test('a page that was noted while a check took it for never made is not forgotten', async () => {
  const { booking, payment, checkoutId } = await it.started()
  const id = fromGlobalId('Payment', payment.id) ?? ''
  const system = database(it.db.connect('billing'), systemContext)
  // What a check decides that had read the payment before its page was noted.
  await system.write((sql) => settle(sql, { id, look: nobodyCame, now: it.now() }))
  expect(await it.paymentOf(booking.client, booking)).toMatchObject({ status: 'REQUIRES_ACTION' })
  await it.tellBooking('expired', booking)
  await becomes(booking, 'CANCELLED')
  expect(it.stripe.pages.get(checkoutId)?.state).toBe('EXPIRED')
})

describe('money that comes late', () => {
  /** The payer is faster than the closing of the page, and the hold is over. */
  const late = async () => {
    const started = await it.started()
    it.stripe.pay(started.checkoutId)
    await it.tellBooking('expired', started.booking)
    await becomes(started.booking, 'SUCCEEDED')
    return started
  }

  test('[FC-30] is told to bookings, which takes the slot again: it stays paid', async () => {
    const { booking, payment } = await late()
    expect(await it.told('payment-succeeded', payment.id)).toHaveLength(1)
    await it.tellBooking('confirmed', booking)
    await hears(booking)
    expect(await refundsOf(payment)).toHaveLength(0)
    expect(await it.paymentOf(booking.client, booking)).toMatchObject({ status: 'SUCCEEDED' })
  })

  test('goes back in full when the slot is somebody else’s by now, once', async () => {
    const { booking, payment } = await late()
    const paymentId = fromGlobalId('Payment', payment.id) ?? ''
    await it.tellBooking('unseated', booking, { paymentId })
    await it.tellBooking('unseated', booking, { paymentId })
    await becomes(booking, 'REFUNDED')
    expect(await it.paymentOf(booking.client, booking)).toMatchObject({
      refunded: { amount: 4_500 },
    })
    expect(await refundsOf(payment)).toMatchObject([
      { amount: 4_500, cause: 'UNSEATED', status: 'SUCCEEDED' },
    ])
    await until(async () => (await it.told('payment-refunded', payment.id)).length === 1)
  })

  test('of another payment than the one that was not seated stays', async () => {
    const { booking, payment } = await late()
    await it.tellBooking('unseated', booking, { paymentId: Bun.randomUUIDv7() })
    await it.tellBooking('confirmed', booking)
    await hears(booking)
    expect(await refundsOf(payment)).toHaveLength(0)
  })

  test('for a booking that was cancelled goes back in full by itself', async () => {
    const { booking, payment, checkoutId } = await it.started()
    it.stripe.pay(checkoutId)
    await it.tellBooking('cancelled', booking, { refund: null, cancelledBy: 'coach' })
    await becomes(booking, 'REFUNDED')
    expect(await refundsOf(payment)).toMatchObject([{ amount: 4_500, cause: 'CANCELLED' }])
  })

  test('for a payment that had ended counts, and beside another live one goes back', async () => {
    const booking = await it.held()
    it.stripe.failNext('createCheckout', 'after')
    await expect(it.start(booking.client, booking)).rejects.toThrow('UNAVAILABLE')
    const [row] =
      await it.admin`select id from billing.payment where booking_id = ${booking.bookingId}`
    const checkoutId = `cs_${row?.id}`
    // It ended by itself, a second one began, and then the provider has money for the first one.
    await it.admin`update billing.payment set status = 'CANCELLED', next_check_at = null where id = ${row?.id}`
    const second = await it.started(booking)
    it.stripe.pay(checkoutId)
    await it.webhook(it.event('checkout.session.completed', { checkoutId }, { paymentId: row?.id }))
    await until(async () => {
      const [first] = await it.admin`select status from billing.payment where id = ${row?.id}`
      return first?.status === 'REFUNDED'
    })
    expect(await it.paymentOf(booking.client, booking)).toMatchObject({
      id: second.payment.id,
      status: 'REQUIRES_ACTION',
    })
    const told =
      await it.admin`select 1 from billing.outbox where topic = 'billing.payment-succeeded' and entity_id = ${row?.id}`
    expect(told).toHaveLength(0)
  })
})

describe('what bookings tells', () => {
  test('late of an earlier version changes nothing', async () => {
    const booking = await it.held()
    await it.tellBooking('moved', booking)
    await it.tellBooking('cancelled', booking, { refund: null })
    booking.version = 1
    await it.tellBooking('moved', booking)
    booking.version = 3
    await hears(booking)
    const [row] =
      await it.admin`select state from billing.reservation where booking_id = ${booking.bookingId}`
    expect(row).toEqual({ state: 'CANCELLED' })
  })

  test('of a booking from before there were prices is a free one', async () => {
    const booking = await it.held()
    const old = { ...booking, bookingId: Bun.randomUUIDv7() }
    await it.tell('booking-held', old.bookingId, {
      serviceId: Bun.randomUUIDv7(),
      coachId: old.coach.id,
      clientId: old.client.id,
      startsAt: '2027-06-09T07:00:00.000Z',
      version: 1,
    })
    expect((await it.start(old.client, old)).message).toBe('The booking is free: confirm it.')
  })
})
