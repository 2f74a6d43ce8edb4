import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { fromGlobalId, toGlobalId } from '#kit/id'
import { viewerWith } from '../../../stack/testing/subgraph.ts'
import { Harness, key, until } from './harness.ts'

let it: Harness
let hasty: Harness
beforeAll(async () => {
  it = await Harness.start()
  // Does not wait for what was never told.
  hasty = await Harness.start({ waitMs: 1 })
}, 30_000)
afterAll(async () => {
  await it.stop()
  await hasty.stop()
})

const rowsOf = async (bookingId: string) => it.admin`
  select id, status, checkout_id from billing.payment where booking_id = ${bookingId}`

describe('a person pays', () => {
  test('[FC-30] a held booking leads to a page of the provider over the amount that was held', async () => {
    const booking = await it.held({ amount: 6_000, currency: 'EUR' })
    const answer = await it.start(booking.client, booking, { locale: 'en' })
    expect(answer).toMatchObject({
      __typename: 'CheckoutStarted',
      expiresAt: '2027-06-07T06:10:00.000Z',
      payment: { status: 'REQUIRES_ACTION', amount: { amount: 6_000, currency: 'EUR' } },
    })
    const [, page] = [...it.stripe.pages].at(-1) ?? []
    const shown = `https://plexus.example/bookings/${toGlobalId('Booking', booking.bookingId)}`
    expect(page?.request).toMatchObject({
      bookingId: booking.bookingId,
      amount: { amount: 6_000, currency: 'EUR' },
      description: 'Breathing',
      customer: { personId: booking.client.id },
      locale: 'en',
      successUrl: `${shown}/result`,
      cancelUrl: shown,
    })
    expect(answer.redirectUrl).toContain(page?.checkoutId ?? 'no page')
  })

  test('what is told a moment later is waited for', async () => {
    const booking = await it.held()
    const late = { ...booking, bookingId: Bun.randomUUIDv7(), version: 0 }
    const asked = it.start(late.client, late)
    await it.tellBooking('held', late)
    expect((await asked).__typename).toBe('CheckoutStarted')
  })

  test('the money comes by webhook, once, and is told once', async () => {
    const { booking, payment, checkoutId } = await it.started()
    expect(it.stripe.pay(checkoutId)).toBe(true)
    expect(await it.webhook(it.event('checkout.session.completed', { checkoutId }))).toBe(200)
    expect(await it.paymentOf(booking.client, booking)).toMatchObject({
      id: payment.id,
      status: 'SUCCEEDED',
      refunded: { amount: 0 },
    })
    expect(await it.told('payment-succeeded', payment.id)).toEqual([
      {
        bookingId: booking.bookingId,
        paymentId: fromGlobalId('Payment', payment.id),
        amount: 4_500,
        currency: 'EUR',
      },
    ])
  })
})

describe('once', () => {
  test('ten starts at once make one payment and one page', async () => {
    const booking = await it.held()
    const before = it.stripe.pages.size
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => it.start(booking.client, booking)),
    )
    expect(new Set(answers.map(({ redirectUrl }) => redirectUrl)).size).toBe(1)
    expect(new Set(answers.map(({ payment }) => payment?.id)).size).toBe(1)
    expect(answers[0]?.__typename).toBe('CheckoutStarted')
    expect(await rowsOf(booking.bookingId)).toHaveLength(1)
    expect(it.stripe.pages.size).toBe(before + 1)
  })

  test('a crash after the provider answered: the retry gets the same page, and one payment is taken', async () => {
    const booking = await it.held()
    const idempotencyKey = key()
    it.stripe.failNext('createCheckout', 'after')
    const lost = await it.ask(
      booking.client,
      `mutation ($input: StartCheckoutInput!) { startCheckout(input: $input) { __typename } }`,
      { input: { idempotencyKey, bookingId: toGlobalId('Booking', booking.bookingId) } },
    )
    expect(lost.body.errors?.[0]?.extensions.code).toBe('UNAVAILABLE')
    const [row] = await rowsOf(booking.bookingId)
    expect(row).toMatchObject({ status: 'REQUIRES_ACTION', checkoutId: null })
    const pages = it.stripe.pages.size
    // Minutes later, with the same key and with another one: the page that was made is found again.
    it.pass(3)
    const again = await it.start(booking.client, booking, { idempotencyKey })
    const other = await it.start(booking.client, booking, { locale: 'en' })
    expect(again.redirectUrl).toContain(`cs_${row?.id}`)
    expect(other.redirectUrl).toBe(again.redirectUrl ?? '')
    expect(it.stripe.pages.size).toBe(pages)
  })

  test('a crash before the provider heard of it: the retry asks it', async () => {
    const booking = await it.held()
    it.stripe.failNext('createCheckout', 'before')
    await expect(it.start(booking.client, booking)).rejects.toThrow('UNAVAILABLE')
    expect((await it.start(booking.client, booking)).__typename).toBe('CheckoutStarted')
    expect(await rowsOf(booking.bookingId)).toHaveLength(1)
  })

  test('a webhook that overtakes our own note of the page finds the payment by our id', async () => {
    const booking = await it.held()
    it.stripe.failNext('createCheckout', 'after')
    await expect(it.start(booking.client, booking)).rejects.toThrow('UNAVAILABLE')
    const [row] = await rowsOf(booking.bookingId)
    const checkoutId = `cs_${row?.id}`
    it.stripe.pay(checkoutId)
    const event = it.event('checkout.session.completed', { checkoutId }, { paymentId: row?.id })
    expect(await it.webhook(event)).toBe(200)
    expect(await it.paymentOf(booking.client, booking)).toMatchObject({ status: 'SUCCEEDED' })
    const answer = await it.start(booking.client, booking)
    expect(answer).toMatchObject({
      __typename: 'ConflictError',
      message: 'The booking is paid already.',
    })
  })

  test('a booking that was not heard of in time is found by the next try, with the same key', async () => {
    const booking = { ...(await hasty.held()), bookingId: Bun.randomUUIDv7(), version: 0 }
    const idempotencyKey = key()
    const early = await hasty.start(booking.client, booking, { idempotencyKey })
    expect(early.__typename).toBe('NotFoundError')
    await hasty.tellBooking('held', booking)
    await until(async () => {
      const again = await hasty.start(booking.client, booking, { idempotencyKey })
      return again.__typename === 'CheckoutStarted'
    })
  })

  test('a key that was used for another booking is refused', async () => {
    const [one, two] = [await it.held(), await it.held()]
    const idempotencyKey = key()
    await it.start(one.client, one, { idempotencyKey })
    const own = { ...two, client: one.client, bookingId: Bun.randomUUIDv7(), version: 0 }
    await it.tellBooking('held', own)
    await expect(it.start(one.client, own, { idempotencyKey })).rejects.toThrow(
      'IDEMPOTENCY_MISMATCH',
    )
  })
})

describe('is refused', () => {
  const messageOf = async (change: string | null, more: Record<string, string> = {}) => {
    const booking = await it.held(change === 'free' ? null : undefined)
    if (change && change !== 'free') await it.tellBooking(change, booking, more)
    await until(async () => {
      const rows = await it.admin`
        select true from billing.reservation
        where booking_id = ${booking.bookingId} and version = ${booking.version}`
      return rows.length === 1
    })
    const { __typename, message } = await it.start(booking.client, booking)
    return `${__typename}: ${message}`
  }

  test.each([
    ['free', 'ConflictError: The booking is free: confirm it.'],
    ['cancelled', 'ConflictError: The booking is cancelled.'],
    ['expired', 'ConflictError: The hold has ended. Choose a time again.'],
    ['confirmed', 'ConflictError: The booking is confirmed already.'],
  ])('a booking that is %s', async (change, expected) => {
    expect(await messageOf(change)).toBe(expected)
  })

  test('a hold that has just ended, though nobody has told of it', async () => {
    const { booking } = await it.started()
    it.pass(10)
    expect(await it.start(booking.client, booking)).toMatchObject({
      __typename: 'ConflictError',
      message: 'The hold has ended. Choose a time again.',
    })
  })

  test('a booking that nobody knows, or that is somebody else’s', async () => {
    const unknown = { ...(await it.held()), bookingId: Bun.randomUUIDv7() }
    expect((await hasty.start(unknown.client, unknown)).__typename).toBe('NotFoundError')
    const { booking } = await hasty.started(await toldTo(hasty))
    const stranger = await hasty.start(viewerWith(['CLIENT']), booking)
    expect(stranger).toMatchObject({ __typename: 'NotFoundError', path: ['bookingId'] })
    const noId = await hasty.start(viewerWith(['CLIENT']), booking, { bookingId: 'nothing' })
    expect(noId.__typename).toBe('NotFoundError')
    await expect(hasty.start(booking.coach, booking)).rejects.toThrow('FORBIDDEN')
  })

  test('nobody at all, a key that is too short and a language that is none', async () => {
    const booking = await it.held()
    const { body } = await it.ask(
      null,
      'mutation ($input: StartCheckoutInput!) { startCheckout(input: $input) { __typename } }',
      { input: { idempotencyKey: key(), bookingId: toGlobalId('Booking', booking.bookingId) } },
    )
    expect(body.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
    await expect(it.start(booking.client, booking, { idempotencyKey: 'short' })).rejects.toThrow(
      'BAD_USER_INPUT',
    )
    await expect(it.start(booking.client, booking, { locale: 'de' })).rejects.toThrow(
      'BAD_USER_INPUT',
    )
  })
})

/** A held booking that this subgraph has heard of. */
async function toldTo(harness: Harness) {
  const booking = await harness.held()
  await until(async () => {
    const rows = await harness.admin`
      select true from billing.reservation where booking_id = ${booking.bookingId}`
    return rows.length === 1
  })
  return booking
}

describe('a payment is seen', () => {
  const seenBy = async (viewer: ReturnType<typeof viewerWith> | null, id: string) =>
    (await it.ask(viewer, 'query ($id: ID!) { payment(id: $id) { id } }', { id })).body.data
      ?.payment

  test('by its client, its coach and the books, and by nobody else', async () => {
    const { booking, payment } = await it.started()
    const { client, coach } = booking
    for (const viewer of [client, coach, viewerWith(['SUPPORT']), viewerWith(['ADMIN'])]) {
      expect(await it.paymentOf(viewer, booking)).toMatchObject({ id: payment.id })
      expect(await seenBy(viewer, payment.id)).toEqual({ id: payment.id })
    }
    for (const viewer of [
      viewerWith(['CLIENT']),
      viewerWith(['COACH']),
      viewerWith(['COMPANY_ADMIN']),
    ]) {
      expect(await it.paymentOf(viewer, booking)).toBeNull()
      expect(await seenBy(viewer, payment.id)).toBeNull()
    }
    expect(await seenBy(null, payment.id)).toBeNull()
    // The rows are there for all of them: row-level security makes the difference, not the query.
    expect(await rowsOf(booking.bookingId)).toHaveLength(1)
  })

  test('and why a card was declined by its client and the books, not by the coach', async () => {
    const { booking, checkoutId } = await it.started()
    it.stripe.decline(checkoutId, 'insufficient_funds')
    await it.webhook(it.event('payment_intent.payment_failed', { checkoutId }))
    const codeFor = async (viewer: typeof booking.client) =>
      (await it.paymentOf(viewer, booking))?.failureCode
    expect(await codeFor(booking.client)).toBe('insufficient_funds')
    expect(await codeFor(viewerWith(['SUPPORT']))).toBe('insufficient_funds')
    expect(await codeFor(booking.coach)).toBeNull()
  })

  test('without row-level security a stranger would see it', async () => {
    const { booking, payment } = await it.started()
    await it.admin`alter table billing.payment disable row level security`
    const stranger = await it.paymentOf(viewerWith(['CLIENT']), booking)
    await it.admin`alter table billing.payment enable row level security`
    expect(stranger).toMatchObject({ id: payment.id })
  })
})
