import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import { testIdentity, viewerWith } from '../../../stack/testing/subgraph.ts'
import { createBilling } from '../app.ts'
import { configFrom } from '../config.ts'
import { FakeProvider, unsignedEventFrom } from './fake-provider.ts'
import { type Delivery, Harness, key } from './harness.ts'

let it: Harness
/** The same room, whose provider checks no signature. */
let unprotected: Harness
beforeAll(async () => {
  it = await Harness.start()
  unprotected = await Harness.start({
    provider: (fake) => ({
      createCheckout: (request) => fake.createCheckout(request),
      expireCheckout: (id) => fake.expireCheckout(id),
      checkout: (id) => fake.checkout(id),
      refund: (request) => fake.refund(request),
      refundStatus: (id) => fake.refundStatus(id),
      eventFrom: async (body) => unsignedEventFrom(body),
    }),
  })
}, 30_000)
afterAll(async () => {
  await it.stop()
  await unprotected.stop()
})

const admin = viewerWith(['ADMIN'])
const noted = async (harness: Harness, eventId: string): Promise<Delivery | undefined> =>
  (await harness.deliveries(admin)).edges
    .map(({ node }) => node)
    .find((row) => row.eventId === eventId)

const shuffled = <T>(items: readonly T[]) =>
  items
    .map((item) => ({ item, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)

describe('exactly once', () => {
  test('[FC-30] the same events five times over, shuffled and at once, are one payment and one event of ours', async () => {
    const { booking, payment, checkoutId } = await it.started()
    it.stripe.pay(checkoutId)
    const events = [
      it.event('checkout.session.completed', { checkoutId }),
      it.event(
        'payment_intent.succeeded',
        { checkoutId },
        { checkoutId: null, intentId: `pi_${checkoutId}` },
      ),
      it.event(
        'charge.succeeded',
        { checkoutId },
        { checkoutId: null, intentId: `pi_${checkoutId}` },
      ),
    ]
    const deliveries = shuffled(events.flatMap((event) => Array.from({ length: 5 }, () => event)))
    const statuses = await Promise.all(deliveries.map((event) => it.webhook(event)))
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(await it.paymentOf(booking.client, booking)).toMatchObject({ status: 'SUCCEEDED' })
    expect(await it.told('payment-succeeded', payment.id)).toHaveLength(1)
    for (const { id } of events) expect((await noted(it, id))?.attempts).toBe(1)
    const rows =
      await it.admin`select id from billing.webhook_event where checkout_id = ${checkoutId}`
    expect(rows).toHaveLength(1)
  })

  test('an event is only noted when its work is done: what fails is sent again', async () => {
    const { booking, checkoutId } = await it.started()
    it.stripe.pay(checkoutId)
    const event = it.event('checkout.session.completed', { checkoutId })
    it.stripe.failNext('checkout', 'before')
    expect(await it.webhook(event)).toBe(503)
    expect(await noted(it, event.id)).toMatchObject({ status: 'FAILED', attempts: 1 })
    expect((await noted(it, event.id))?.lastError).toBe(
      'Payments are not available now. Try again.',
    )
    expect(await it.paymentOf(booking.client, booking)).toMatchObject({ status: 'REQUIRES_ACTION' })
    expect(await it.webhook(event)).toBe(200)
    expect(await noted(it, event.id)).toMatchObject({
      status: 'PROCESSED',
      attempts: 2,
      lastError: null,
    })
    expect(await it.paymentOf(booking.client, booking)).toMatchObject({ status: 'SUCCEEDED' })
  })

  test('an event and its work are one: a database that refuses one has neither', async () => {
    const { payment, checkoutId } = await it.started()
    it.stripe.pay(checkoutId)
    const event = it.event('checkout.session.completed', { checkoutId })
    await it.admin`alter table billing.outbox add constraint nothing_told check (topic <> 'billing.payment-succeeded') not valid`
    expect(await it.webhook(event)).toBe(500)
    await it.admin`alter table billing.outbox drop constraint nothing_told`
    expect(await noted(it, event.id)).toMatchObject({
      status: 'FAILED',
      lastError: 'It failed on our side; see the log.',
    })
    const [row] =
      await it.admin`select status from billing.payment where checkout_id = ${checkoutId}`
    expect(row).toEqual({ status: 'REQUIRES_ACTION' })
    expect(await it.webhook(event)).toBe(200)
    expect(await it.told('payment-succeeded', payment.id)).toHaveLength(1)
  })
})

test('without a database the event is not taken: the provider sends it again', async () => {
  const fake = new FakeProvider(() => new Date())
  const { publicJwks } = await testIdentity(() => new Date())
  const away = createBilling({
    config: configFrom({
      DATABASE_URL: 'postgres://svc_billing:x@127.0.0.1:1/plexus',
      IDENTITY_PUBLIC_JWKS: JSON.stringify({ keys: publicJwks }),
      PUBLIC_ORIGIN: 'https://plexus.example',
      STRIPE_SECRET_KEY: 'sk_test_nobody',
      STRIPE_WEBHOOK_SECRET: 'whsec_nobody',
    }),
    provider: fake,
    log: createLog({ service: 'billing', level: 'silent' }),
    metrics: createMetrics('billing'),
    now: () => new Date(),
  })
  const event = { id: 'evt_1', type: 'charge.succeeded', createdAt: new Date(), intentId: 'pi_1' }
  const body = JSON.stringify(event)
  const headers = { 'stripe-signature': fake.sign(body) }
  const init = { method: 'POST', headers, body }
  const response = await away.fetch(new Request('http://billing/webhooks/stripe', init))
  await away.stop()
  expect(response.status).toBe(503)
  expect(fake.calls).toEqual([])
})

describe('in any order', () => {
  test('a payment that is seen as open after it was paid stays paid', async () => {
    const { booking, checkoutId } = await it.started()
    const declined = it.event('payment_intent.payment_failed', { checkoutId })
    it.stripe.decline(checkoutId, 'insufficient_funds')
    it.stripe.pay(checkoutId)
    const completed = it.event('checkout.session.completed', { checkoutId })
    const created = it.event('checkout.session.created', { checkoutId })
    for (const event of [completed, declined, created]) expect(await it.webhook(event)).toBe(200)
    expect(await it.paymentOf(booking.client, booking)).toMatchObject({
      status: 'SUCCEEDED',
      failureCode: null,
    })
  })

  test('a card that is declined leaves the page open and says why; the next one pays', async () => {
    const { booking, checkoutId } = await it.started()
    it.stripe.decline(checkoutId, 'insufficient_funds')
    await it.webhook(it.event('payment_intent.payment_failed', { checkoutId }))
    expect(await it.paymentOf(booking.client, booking)).toMatchObject({
      status: 'REQUIRES_ACTION',
      failureCode: 'insufficient_funds',
    })
    it.stripe.pay(checkoutId)
    await it.webhook(it.event('checkout.session.completed', { checkoutId }))
    expect(await it.paymentOf(booking.client, booking)).toMatchObject({ status: 'SUCCEEDED' })
  })

  test('money that a bank takes days for is processing, and then there or not', async () => {
    const [good, bad] = [await it.started(), await it.started()]
    for (const { checkoutId } of [good, bad]) {
      it.stripe.submit(checkoutId)
      await it.webhook(it.event('checkout.session.completed', { checkoutId }))
    }
    expect(await it.paymentOf(good.booking.client, good.booking)).toMatchObject({
      status: 'PROCESSING',
    })
    expect(await it.start(good.booking.client, good.booking)).toMatchObject({
      __typename: 'ConflictError',
      message: 'The payment is being processed.',
    })
    it.stripe.bounce(bad.checkoutId, 'account_closed')
    await it.webhook(it.event('checkout.session.async_payment_failed', bad))
    expect(await it.paymentOf(bad.booking.client, bad.booking)).toMatchObject({
      status: 'FAILED',
      failureCode: 'account_closed',
    })
    // Its client may try again: that is a payment of its own.
    const second = await it.start(bad.booking.client, bad.booking)
    expect(second.payment?.id).not.toBe(bad.payment.id)
    expect(await it.paymentOf(bad.booking.client, bad.booking)).toMatchObject({
      id: second.payment?.id ?? '',
    })
  })

  test('an event of an object that is not ours is noted and nothing else', async () => {
    const { booking, checkoutId } = await it.started()
    const foreign = it.event('checkout.session.completed', { checkoutId: 'cs_of_somebody' })
    const claimed = it.event(
      'charge.refunded',
      { checkoutId: 'cs_none' },
      { paymentId: 'not-one-of-ours', stripeRefundId: 're_none' },
    )
    for (const event of [foreign, claimed]) {
      expect(await it.webhook(event)).toBe(200)
      expect(await noted(it, event.id)).toMatchObject({ status: 'IGNORED' })
    }
    // An event that names our payment and another one's checkout: the provider says whose it is.
    const other = await it.started()
    it.stripe.pay(other.checkoutId)
    const [row] = await it.admin`select id from billing.payment where checkout_id = ${checkoutId}`
    await it.admin`update billing.payment set checkout_id = null where id = ${row?.id}`
    const crossed = it.event('checkout.session.completed', other, { paymentId: row?.id })
    expect(await it.webhook(crossed)).toBe(200)
    expect(await it.paymentOf(booking.client, booking)).toMatchObject({ status: 'REQUIRES_ACTION' })
  })
})

describe('who sends one', () => {
  const forged = (harness: Harness, checkoutId: string) =>
    JSON.stringify(harness.event('checkout.session.completed', { checkoutId }))

  test('is proven by the signature: none, a wrong one, an old one and another body are refused', async () => {
    const { booking, checkoutId } = await it.started()
    const body = forged(it, checkoutId)
    const old = new Date(it.now().getTime() - 301_000)
    const signatures = [
      {},
      { 'stripe-signature': 'v1=nothing' },
      { 'stripe-signature': it.stripe.sign(body, it.now(), 'whsec_guessed') },
      { 'stripe-signature': it.stripe.sign(body, old) },
      { 'stripe-signature': it.stripe.sign(`${body} `) },
    ]
    const before = (await it.deliveries(admin)).totalCount
    for (const headers of signatures) expect((await it.send(body, headers)).status).toBe(400)
    expect((await it.deliveries(admin)).totalCount).toBe(before)
    expect(await it.paymentOf(booking.client, booking)).toMatchObject({ status: 'REQUIRES_ACTION' })
    expect((await it.send(body, { 'stripe-signature': it.stripe.sign(body) })).status).toBe(200)
  })

  test('an endpoint that checks no signature takes the same request; even then nothing counts as paid', async () => {
    const { booking, checkoutId } = await unprotected.started()
    const body = forged(unprotected, checkoutId)
    expect((await unprotected.send(body)).status).toBe(200)
    expect((await unprotected.deliveries(admin)).totalCount).toBe(1)
    // The event is a hint: the provider knows of no money.
    expect(await unprotected.paymentOf(booking.client, booking)).toMatchObject({
      status: 'REQUIRES_ACTION',
    })
  })

  test('reads nothing, sends no more than an event, and only by POST', async () => {
    expect((await it.send('', {}, 'GET')).status).toBe(405)
    expect((await it.send('x'.repeat(300_000))).status).toBe(413)
  })

  test('is not the one who asks the graph: that needs the gateway', async () => {
    const response = await it.service?.fetch(
      new Request('http://billing/graphql', { method: 'POST', body: '{}' }),
    )
    expect(response?.status).toBe(401)
  })
})

describe('an administrator', () => {
  test('reads what came, newest first, page by page', async () => {
    const { checkoutId } = await it.started()
    const events = [1, 2, 3].map((n) => it.event(`test.event-${n}`, { checkoutId }))
    for (const event of events) {
      it.pass(1 / 60)
      await it.webhook(event)
    }
    const first = await it.deliveries(admin, { first: 2 })
    const second = await it.deliveries(admin, { first: 2, after: first.pageInfo.endCursor })
    expect([...first.edges, ...second.edges].slice(0, 3).map(({ node }) => node.eventId)).toEqual(
      events.map(({ id }) => id).toReversed(),
    )
    expect(first).toMatchObject({ pageInfo: { hasNextPage: true } })
  })

  test('has the work of an event done again, and nothing happens twice', async () => {
    const { booking, payment, checkoutId } = await it.started()
    const event = it.event('checkout.session.completed', { checkoutId })
    // It came before the money did.
    await it.webhook(event)
    it.stripe.pay(checkoutId)
    const delivery = await noted(it, event.id)
    expect(await it.replay(admin, delivery?.id ?? '')).toMatchObject({
      __typename: 'WebhookReplayed',
      delivery: { status: 'PROCESSED', attempts: 2 },
    })
    expect(await it.paymentOf(booking.client, booking)).toMatchObject({ status: 'SUCCEEDED' })
    await it.replay(admin, delivery?.id ?? '')
    expect(await it.told('payment-succeeded', payment.id)).toHaveLength(1)
  })

  test('is told that there is no such delivery; nobody else may ask', async () => {
    const unknown = Buffer.from(`WebhookDelivery:${key()}`).toString('base64url')
    expect((await it.replay(admin, unknown)).__typename).toBe('NotFoundError')
    expect((await it.replay(admin, 'nothing')).__typename).toBe('NotFoundError')
    for (const viewer of [viewerWith(['CLIENT']), viewerWith(['SUPPORT']), viewerWith(['COACH'])]) {
      await expect(it.replay(viewer, unknown)).rejects.toThrow('FORBIDDEN')
      await expect(it.deliveries(viewer)).rejects.toThrow('FORBIDDEN')
    }
    await expect(
      it.deliveries(admin, {
        after: Buffer.from(JSON.stringify(['x', key()])).toString('base64url'),
      }),
    ).rejects.toThrow('BAD_USER_INPUT')
  })
})
