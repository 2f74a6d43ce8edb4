import { afterAll, beforeAll, expect, test } from 'bun:test'
import { viewerWith } from '../../../stack/testing/subgraph.ts'
import { Harness, until } from './harness.ts'

let it: Harness
beforeAll(async () => {
  it = await Harness.start()
}, 30_000)
afterAll(() => it.stop())

const admin = viewerWith(['ADMIN'])
const price = 4_500

/** The same numbers for the same seed: a mixture that fails can be had again. */
function dice(seed: number) {
  let state = seed
  return (sides: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

type Paid = Awaited<ReturnType<Harness['paid']>>

const acts = [
  ({ payment }: Paid, amount: number) => it.refund(admin, payment, { amount }),
  ({ payment }: Paid) => it.refund(admin, payment),
  ({ booking }: Paid, amount: number) =>
    it.tellBooking('cancelled', booking, { refund: { amount, currency: 'EUR' } }),
  ({ booking }: Paid) => it.tellBooking('unseated', booking),
  async () => it.stripe.failNext('refund', 'before'),
  async () => it.stripe.failNext('refund', 'after'),
  async () => it.pass(1),
  ({ checkoutId }: Paid) => it.webhook(it.event('charge.refunded', { checkoutId })),
]

const openOf = async ({ booking }: Paid) => it.admin`
  select refund.id from billing.refund join billing.payment p on p.id = payment_id
  where booking_id = ${booking.bookingId} and refund.status = 'PENDING'`

/** What Stripe has given back of one payment. */
const returnedOf = ({ checkoutId }: Paid) =>
  it.stripe.refunds
    .values()
    .filter(({ state, request }) => state !== 'FAILED' && request.intentId === `pi_${checkoutId}`)
    .reduce((sum, { request }) => sum + request.amount.amount, 0)

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  '[FC-30] refunds, cancellations and lost answers in any mixture give back what we say, never more than came (%d)',
  async (seed) => {
    const roll = dice(seed)
    const paid = await it.paid()
    for (let turn = 0; turn < 8; turn += 1) {
      const pair = [roll(acts.length), roll(acts.length)]
      // Two at once: they meet in the database.
      await Promise.all(pair.map((index) => acts[index]?.(paid, 1 + roll(price))))
    }
    await it.tellBooking('unseated', paid.booking)
    await until(async () => {
      it.pass(10)
      const payment = await it.paymentOf(paid.booking.client, paid.booking)
      return payment?.refunded.amount === price && (await openOf(paid)).length === 0
    })
    expect(returnedOf(paid)).toBe(price)
  },
  60_000,
)
