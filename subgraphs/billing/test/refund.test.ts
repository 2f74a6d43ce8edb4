import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { fromGlobalId } from '#kit/id'
import { createLog } from '#kit/log'
import { database, systemContext } from '#kit/postgres'
import { viewerWith } from '../../../stack/testing/subgraph.ts'
import { sendNext } from '../refund/send.ts'
import { Harness, key, type Payment, until } from './harness.ts'

let it: Harness
beforeAll(async () => {
  it = await Harness.start()
}, 30_000)
afterAll(() => it.stop())
beforeEach(() => {
  it.stripe.refundState = 'SUCCEEDED'
})

const admin = viewerWith(['ADMIN'])
const eur = (amount: number) => ({ amount, currency: 'EUR' })

const refundsOf = async (payment: Payment) => it.admin`
  select id, amount, cause, status, attempts, stripe_refund_id from billing.refund
  where payment_id = ${fromGlobalId('Payment', payment.id)} order by created_at, id`

const becomes = (started: Awaited<ReturnType<Harness['paid']>>, status: string) =>
  until(
    async () => (await it.paymentOf(started.booking.client, started.booking))?.status === status,
  )

describe('a cancellation', () => {
  test('[FC-30] gives back what the policy says, and tells of it', async () => {
    const started = await it.paid()
    const { booking, payment } = started
    await it.tellBooking('cancelled', booking, { refund: eur(2_250), cancelledBy: 'client' })
    await becomes(started, 'PARTIALLY_REFUNDED')
    expect(await it.paymentOf(booking.client, booking)).toMatchObject({ refunded: eur(2_250) })
    expect(await it.told('payment-refunded', payment.id)).toEqual([
      {
        bookingId: booking.bookingId,
        paymentId: fromGlobalId('Payment', payment.id),
        refundId: (await refundsOf(payment))[0]?.id,
        amount: 2_250,
        refunded: 2_250,
        currency: 'EUR',
        status: 'PARTIALLY_REFUNDED',
      },
    ])
  })

  test('by the coach gives back everything, never more than is left', async () => {
    const started = await it.paid()
    const { booking, payment } = started
    await it.refund(admin, payment, { amount: 1_000 })
    await it.tellBooking('cancelled', booking, { refund: eur(4_500), cancelledBy: 'coach' })
    await becomes(started, 'REFUNDED')
    expect((await refundsOf(payment)).map(({ amount }) => amount)).toEqual([1_000, 3_500])
  })

  test('without a refund in the policy gives nothing back', async () => {
    const { booking, payment } = await it.paid()
    await it.tellBooking('cancelled', booking, { refund: null, cancelledBy: 'client' })
    await until(async () => {
      const [row] =
        await it.admin`select state from billing.reservation where booking_id = ${booking.bookingId}`
      return row?.state === 'CANCELLED'
    })
    expect(await refundsOf(payment)).toHaveLength(0)
  })
})

describe('a provider that is away', () => {
  test('is asked again later with the same id: the money goes back once', async () => {
    const started = await it.paid()
    const { booking, payment } = started
    const before = it.stripe.returned()
    // The work is done and the answer is lost: as if we had died right then.
    it.stripe.failNext('refund', 'after')
    await it.tellBooking('cancelled', booking, { refund: eur(4_500) })
    await until(async () => (await refundsOf(payment))[0]?.attempts === 1)
    expect(it.stripe.returned()).toBe(before + 4_500)
    expect(await it.paymentOf(booking.client, booking)).toMatchObject({
      status: 'SUCCEEDED',
      refunded: eur(0),
    })
    it.pass(0.2)
    await becomes(started, 'REFUNDED')
    expect(it.stripe.returned()).toBe(before + 4_500)
    expect(await it.told('payment-refunded', payment.id)).toHaveLength(1)
  })

  test('does not lose a refund that an administrator asked for', async () => {
    const started = await it.paid()
    it.stripe.failNext('refund', 'before')
    const answer = await it.refund(admin, started.payment)
    expect(answer).toMatchObject({ __typename: 'Refunded', payment: { refunded: eur(0) } })
    it.pass(0.2)
    await becomes(started, 'REFUNDED')
  })

  test('takes its time: a refund is done when the provider says so', async () => {
    it.stripe.refundState = 'PENDING'
    const started = await it.paid()
    const { booking, payment } = started
    await it.refund(admin, payment)
    const [row] = await refundsOf(payment)
    expect(row).toMatchObject({ status: 'PENDING' })
    // What is on its way cannot be given back again.
    expect((await it.refund(admin, payment)).__typename).toBe('ConflictError')
    it.stripe.turnRefund(row?.stripeRefundId, 'SUCCEEDED')
    await it.webhook(
      it.event(
        'refund.updated',
        { checkoutId: '' },
        { checkoutId: null, stripeRefundId: row?.stripeRefundId },
      ),
    )
    expect(await it.paymentOf(booking.client, booking)).toMatchObject({ status: 'REFUNDED' })
  })

  test('is asked how a refund stands when no event comes', async () => {
    it.stripe.refundState = 'PENDING'
    const started = await it.paid()
    await it.refund(admin, started.payment)
    const [row] = await refundsOf(started.payment)
    it.stripe.turnRefund(row?.stripeRefundId, 'SUCCEEDED')
    it.pass(0.2)
    await becomes(started, 'REFUNDED')
  })
})

describe('a refund that fails', () => {
  test('leaves the money to be given back another way', async () => {
    it.stripe.refundState = 'FAILED'
    const started = await it.paid()
    const { payment } = started
    expect(await it.refund(admin, payment)).toMatchObject({
      payment: { status: 'SUCCEEDED', refunded: eur(0) },
    })
    expect(await refundsOf(payment)).toMatchObject([{ status: 'FAILED' }])
    it.stripe.refundState = 'SUCCEEDED'
    expect(await it.refund(admin, payment)).toMatchObject({ payment: { status: 'REFUNDED' } })
  })

  test('after it had succeeded is taken back from what was returned', async () => {
    const started = await it.paid()
    const { booking, payment } = started
    await it.refund(admin, payment, { amount: 500 })
    const [row] = await refundsOf(payment)
    it.stripe.turnRefund(row?.stripeRefundId, 'FAILED')
    const failed = { checkoutId: null, stripeRefundId: row?.stripeRefundId }
    await it.webhook(it.event('refund.failed', { checkoutId: '' }, failed))
    expect(await it.paymentOf(booking.client, booking)).toMatchObject({
      status: 'SUCCEEDED',
      refunded: eur(0),
    })
    // Bookings reckons with what it was told: it hears that the money is here again.
    expect(await it.told('payment-refunded', payment.id)).toMatchObject([
      { amount: 500, refunded: 500, status: 'PARTIALLY_REFUNDED' },
      { amount: 500, refunded: 0, status: 'SUCCEEDED' },
    ])
  })
})

describe('an administrator', () => {
  test('gives back parts, until nothing is left', async () => {
    const { payment } = await it.paid()
    expect(await it.refund(admin, payment, { amount: 4_000 })).toMatchObject({
      payment: { status: 'PARTIALLY_REFUNDED', refunded: eur(4_000) },
    })
    expect(await it.refund(admin, payment, { amount: 501 })).toMatchObject({
      __typename: 'RefundTooLargeError',
      code: 'REFUND_TOO_LARGE',
      path: ['amount'],
      refundable: eur(500),
    })
    expect(await it.refund(admin, payment)).toMatchObject({
      payment: { status: 'REFUNDED', refunded: eur(4_500) },
    })
    expect(await it.refund(admin, payment)).toMatchObject({ __typename: 'ConflictError' })
  })

  test('twice at once: the database lets one of them through', async () => {
    const { payment } = await it.paid()
    const before = it.stripe.returned()
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => it.refund(admin, payment, { amount: 3_000 })),
    )
    const kinds = answers.map(({ __typename }) => __typename).toSorted()
    expect(kinds).toEqual([
      'RefundTooLargeError',
      'RefundTooLargeError',
      'RefundTooLargeError',
      'RefundTooLargeError',
      'RefundTooLargeError',
      'Refunded',
    ])
    expect(answers.find(({ refundable }) => refundable)?.refundable).toEqual(eur(1_500))
    expect(it.stripe.returned()).toBe(before + 3_000)
  })

  test('the same wish sent twice is one refund', async () => {
    const { payment } = await it.paid()
    const idempotencyKey = key()
    const answers = await Promise.all(
      [1, 2, 3].map(() => it.refund(admin, payment, { amount: 700, idempotencyKey })),
    )
    expect(new Set(answers.map(({ __typename }) => __typename))).toEqual(new Set(['Refunded']))
    expect(await refundsOf(payment)).toHaveLength(1)
    await expect(it.refund(admin, payment, { amount: 800, idempotencyKey })).rejects.toThrow(
      'IDEMPOTENCY_MISMATCH',
    )
  })

  test('who was refused may ask again with the same key, when the reason has gone', async () => {
    const { booking, payment, checkoutId } = await it.started()
    const idempotencyKey = key()
    const ask = () => it.refund(admin, payment, { amount: 700, idempotencyKey })
    expect(await ask()).toMatchObject({ message: 'The payment is not paid.' })
    it.stripe.pay(checkoutId)
    await it.webhook(it.event('checkout.session.completed', { checkoutId }))
    expect((await it.paymentOf(booking.client, booking))?.status).toBe('SUCCEEDED')
    expect((await ask()).__typename).toBe('Refunded')
    expect((await ask()).__typename).toBe('Refunded')
    expect(await refundsOf(payment)).toHaveLength(1)
  })

  test('cannot give back what was not paid, what is unknown or nothing', async () => {
    const { payment } = await it.started()
    expect(await it.refund(admin, payment)).toMatchObject({
      __typename: 'ConflictError',
      message: 'The payment is not paid.',
    })
    const unknown = { ...payment, id: Buffer.from(`Payment:${key()}`).toString('base64url') }
    expect((await it.refund(admin, unknown)).__typename).toBe('NotFoundError')
    expect((await it.refund(admin, { ...payment, id: 'nothing' })).__typename).toBe('NotFoundError')
    await expect(it.refund(admin, payment, { amount: 0 })).rejects.toThrow('BAD_USER_INPUT')
    await expect(it.refund(admin, payment, { reason: '  ' })).rejects.toThrow('BAD_USER_INPUT')
  })

  test('and nobody else', async () => {
    const { booking, payment } = await it.paid()
    for (const viewer of [booking.client, booking.coach, viewerWith(['SUPPORT'])]) {
      await expect(it.refund(viewer, payment)).rejects.toThrow('FORBIDDEN')
    }
    expect(await refundsOf(payment)).toHaveLength(0)
  })
})

test('the database refuses a refund of more than came, whoever writes it', async () => {
  const { payment } = await it.paid()
  const { payment: unpaid } = await it.started()
  const insert = (id: string, amount: number) => it.admin`
    insert into billing.refund (payment_id, amount, cause, next_attempt_at, created_at)
    values (${fromGlobalId('Payment', id)}, ${amount}, 'REQUESTED', ${it.now()}, ${it.now()})`
  await expect(insert(payment.id, 4_501)).rejects.toThrow('refunds_in_amount')
  await expect(insert(unpaid.id, 1)).rejects.toThrow('refund_of_paid')
})

test('many workers at once send each refund once', async () => {
  const started = await Promise.all(Array.from({ length: 4 }, () => it.paid()))
  it.stripe.refundState = 'PENDING'
  for (const { payment } of started) await it.refund(admin, payment, { amount: 100 })
  it.stripe.refundState = 'SUCCEEDED'
  // The room's own workers find nothing due yet: these ones live an hour later.
  const now = () => new Date(it.now().getTime() + 3_600_000)
  const log = createLog({ service: 'billing', level: 'silent' })
  const system = database(it.db.connect('billing', { max: 8 }), systemContext)
  const before = it.stripe.calls.length
  const deps = { provider: it.stripe, system, now, log }
  const found = await Promise.all(Array.from({ length: 8 }, () => sendNext(deps)))
  const due = found.filter(Boolean).length
  expect(it.stripe.calls.slice(before).filter((call) => call === 'refundStatus')).toHaveLength(due)
  while (await sendNext(deps));
  expect(it.stripe.calls.slice(before).filter((call) => call === 'refundStatus')).toHaveLength(4)
})

test('a client who reaches the database as the service does cannot move money there', async () => {
  const { booking, payment } = await it.started()
  const { payment: paid, booking: own } = await it.paid()
  const asClient = (client: typeof booking.client) =>
    database(it.db.connect('billing'), { userId: client.id, scopes: client.scopes })
  const id = fromGlobalId('Payment', payment.id)
  const changed = await asClient(booking.client).write(
    (sql) => sql`update payment set status = 'SUCCEEDED' where id = ${id} returning id`,
  )
  expect(changed).toHaveLength(0)
  const cheaper = asClient(booking.client).write(
    (sql) => sql`update reservation set amount = 1 where booking_id = ${booking.bookingId}`,
  )
  await expect(cheaper).rejects.toThrow('row-level security')
  const given = asClient(own.client).write(
    (sql) => sql`insert into refund (payment_id, amount, cause, next_attempt_at, created_at)
      values (${fromGlobalId('Payment', paid.id)}, 1, 'REQUESTED', ${it.now()}, ${it.now()})`,
  )
  await expect(given).rejects.toThrow('row-level security')
  // The same statements of the system go through: it is the row context that stands in the way.
  const system = database(it.db.connect('billing'), systemContext)
  const settled = await system.write(
    (sql) => sql`update payment set failure_code = 'test' where id = ${id} returning id`,
  )
  expect(settled).toHaveLength(1)
})
