import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { payAt, type TestSandbox, testSandbox } from '../../../stack/testing/stripe.ts'
import { viewerWith } from '../../../stack/testing/subgraph.ts'
import { Harness, type Told, until } from './harness.ts'

/** The room with the adapter that it has in production, on a Stripe that speaks HTTP. */
let it: Harness
let box: TestSandbox
beforeAll(async () => {
  it = await Harness.start({
    provider: (_, now) => {
      box = testSandbox({ now })
      return box.provider
    },
  })
}, 30_000)
afterAll(async () => {
  await it.stop()
  await box.stop()
})

const admin = viewerWith(['ADMIN'])
let heard = 0

/** Hands on what Stripe has told since: each event `copies` times, the last one first. */
async function deliver(copies = 1) {
  const told = await box.told()
  const fresh = told.slice(heard).toReversed()
  heard = told.length
  const sent = fresh.flatMap(({ body, signature }) =>
    Array.from({ length: copies }, () => it.send(body, { 'stripe-signature': signature })),
  )
  return (await Promise.all(sent)).map(({ status }) => status)
}

const started = async (told?: Told) => {
  const booking = told ?? (await it.held())
  const { payment, redirectUrl } = await it.start(booking.client, booking)
  if (!payment || !redirectUrl) throw new Error('The checkout was refused.')
  return { booking, payment, redirectUrl }
}

const statusOf = async ({ client, ...booking }: Told) =>
  (await it.paymentOf(client, { client, ...booking }))?.status

const sessions = async (): Promise<number> => {
  const response = await box.call('GET /v1/checkout/sessions?limit=100')
  return (await response.json()).data.length
}

describe('over the wire', () => {
  test('[FC-30] [BC-04] a person pays on the page; the events come in the wrong order, five times each', async () => {
    const { booking, payment, redirectUrl } = await started()
    const back = await payAt(redirectUrl, 'good')
    expect(back).toStartWith('https://plexus.example/bookings/')
    const statuses = await deliver(5)
    expect(statuses.length).toBeGreaterThanOrEqual(5)
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(await statusOf(booking)).toBe('SUCCEEDED')
    expect(await it.told('payment-succeeded', payment.id)).toHaveLength(1)
    // The same request, changed on the way, is not Stripe's.
    const [last] = (await box.told()).slice(-1)
    const changed = last?.body.replace('4500', '1') ?? ''
    const refused = await it.send(changed, { 'stripe-signature': last?.signature ?? '' })
    expect(refused.status).toBe(400)
  })

  test('a declined card is told of, and the next one pays', async () => {
    const { booking, payment, redirectUrl } = await started()
    await payAt(redirectUrl, 'poor')
    await deliver()
    expect(await it.paymentOf(booking.client, booking)).toMatchObject({
      status: 'REQUIRES_ACTION',
      failureCode: 'insufficient_funds',
    })
    expect(await it.told('payment-failed', payment.id)).toMatchObject([
      { bookingId: booking.bookingId, failureCode: 'insufficient_funds' },
    ])
    await payAt(redirectUrl, 'good')
    await deliver()
    expect(await it.paymentOf(booking.client, booking)).toMatchObject({
      status: 'SUCCEEDED',
      failureCode: null,
    })
  })

  test('an answer that is lost: the retry is given the page that was made', async () => {
    const booking = await it.held()
    const before = await sessions()
    // As often as the adapter repeats the call by itself.
    box.sandbox.control.fail({
      on: /^POST \/v1\/checkout\/sessions$/,
      when: 'after',
      times: 3,
    })
    await expect(it.start(booking.client, booking)).rejects.toThrow('UNAVAILABLE')
    box.sandbox.control.mend()
    expect(await sessions()).toBe(before + 1)
    const { redirectUrl } = await started(booking)
    expect(await sessions()).toBe(before + 1)
    await payAt(redirectUrl, 'good')
    await deliver()
    expect(await statusOf(booking)).toBe('SUCCEEDED')
  }, 20_000)

  test('a hold that ends closes the page; who was faster has paid, and gets it back when the slot is gone', async () => {
    const [slow, fast] = [await started(), await started()]
    await payAt(fast.redirectUrl, 'good')
    for (const { booking } of [slow, fast]) await it.tellBooking('expired', booking)
    await until(async () => (await statusOf(slow.booking)) === 'CANCELLED')
    await until(async () => (await statusOf(fast.booking)) === 'SUCCEEDED')
    await payAt(slow.redirectUrl, 'good').catch(() => null)
    await deliver()
    expect(await statusOf(slow.booking)).toBe('CANCELLED')
    await it.tellBooking('unseated', fast.booking)
    await until(async () => (await statusOf(fast.booking)) === 'REFUNDED')
    await deliver(3)
    expect(await it.told('payment-refunded', fast.payment.id)).toMatchObject([{ amount: 4_500 }])
  })

  test('parts go back until nothing is left, and Stripe has the same sum', async () => {
    const { booking, payment, redirectUrl } = await started()
    await payAt(redirectUrl, 'good')
    await deliver()
    await it.refund(admin, payment, { amount: 1_500 })
    await Promise.all([1, 2, 3].map(() => it.refund(admin, payment, { amount: 2_000 })))
    expect(await it.refund(admin, payment)).toMatchObject({ payment: { status: 'REFUNDED' } })
    await deliver(2)
    const [row] = await it.admin`
      select intent_id from billing.payment where booking_id = ${booking.bookingId}`
    const response = await box.call(`GET /v1/refunds?payment_intent=${row?.intentId}`)
    const refunds: { amount: number }[] = (await response.json()).data
    expect(refunds.map(({ amount }) => amount).toSorted()).toEqual([1_000, 1_500, 2_000])
  })

  test('a bank that sends a refund back: the money is with us again', async () => {
    const { booking, payment, redirectUrl } = await started()
    await payAt(redirectUrl, 'failingRefund')
    await deliver()
    await it.refund(admin, payment)
    await until(async () => {
      it.pass(1)
      await deliver()
      const rows = await it.admin`
        select refund.status from billing.refund join billing.payment p on p.id = payment_id
        where booking_id = ${booking.bookingId}`
      return rows[0]?.status === 'FAILED'
    })
    expect(await it.paymentOf(booking.client, booking)).toMatchObject({
      status: 'SUCCEEDED',
      refunded: { amount: 0 },
    })
  })
})
