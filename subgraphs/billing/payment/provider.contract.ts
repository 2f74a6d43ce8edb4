import { expect, test } from 'bun:test'
import type { CheckoutRequest, PaymentProvider, RefundRequest } from './provider.ts'

/** A card that pays, one that its bank refuses, one without money. */
export type ContractCard = 'good' | 'declined' | 'poor'

export type SignedEvent = { readonly body: string; readonly signature: string }

export type Opened = {
  readonly provider: PaymentProvider
  readonly now: () => Date
  /** Pays, or tries to, on the page at that address. */
  pay(url: string, card: ContractCard): Promise<void>
  /** What the provider has told by now, as it arrived. */
  told(): Promise<readonly SignedEvent[]>
}

type Open = () => Promise<Opened>

const euros = (amount: number) => ({ amount, currency: 'EUR' })

export const checkoutOf = (now: Date, given: Partial<CheckoutRequest> = {}): CheckoutRequest => ({
  paymentId: crypto.randomUUID(),
  bookingId: crypto.randomUUID(),
  amount: euros(6_000),
  description: 'Yoga à deux',
  customer: { personId: crypto.randomUUID(), email: 'camille@test.example' },
  locale: 'fr',
  successUrl: 'https://plexus.example/bookings/1/result',
  cancelUrl: 'https://plexus.example/bookings/1',
  expiresAt: new Date(now.getTime() + 10 * 60_000),
  ...given,
})

export const refundOf = (intentId: string, given: Partial<RefundRequest> = {}): RefundRequest => ({
  refundId: crypto.randomUUID(),
  intentId,
  amount: euros(2_000),
  reason: 'Cancelled in time.',
  askedAt: new Date(),
  ...given,
})

/** What every adapter keeps. */
export function paymentContract(open: Open) {
  startsCheckouts(open)
  endsCheckouts(open)
  givesBack(open)
  tellsEvents(open)
}

function startsCheckouts(open: Open) {
  test('a checkout begins open and unpaid, and a repetition gets the same one', async () => {
    const { provider, now } = await open()
    const request = checkoutOf(now())
    const started = await provider.createCheckout(request)
    expect(started.url).toStartWith('http')
    expect(started.expiresAt.getTime()).toBeGreaterThanOrEqual(request.expiresAt.getTime())
    expect(await provider.createCheckout(request)).toEqual(started)
    const other = await provider.createCheckout({ ...request, paymentId: crypto.randomUUID() })
    expect(other.checkoutId).not.toBe(started.checkoutId)
    expect(await provider.checkout(started.checkoutId)).toEqual({
      ...{ state: 'OPEN', paymentId: request.paymentId, intentId: null },
      ...{ isPaid: false, failureCode: null },
    })
  })

  test('ten starts at once for one payment are one checkout', async () => {
    const { provider, now } = await open()
    const request = checkoutOf(now())
    const all = await Promise.all(
      Array.from({ length: 10 }, () => provider.createCheckout(request)),
    )
    expect(new Set(all.map(({ checkoutId }) => checkoutId)).size).toBe(1)
  })

  test('a checkout that is paid says so, and names the intent', async () => {
    const { provider, now, pay } = await open()
    const { checkoutId, url } = await provider.createCheckout(checkoutOf(now()))
    await pay(url, 'good')
    const paid = await provider.checkout(checkoutId)
    expect(paid).toMatchObject({ state: 'COMPLETE', isPaid: true, failureCode: null })
    expect(paid?.intentId).toBeString()
  })

  test('a refused card leaves it open, says why, and another card pays', async () => {
    const { provider, now, pay } = await open()
    const { checkoutId, url } = await provider.createCheckout(checkoutOf(now()))
    await pay(url, 'poor')
    expect(await provider.checkout(checkoutId)).toMatchObject({
      ...{ state: 'OPEN', isPaid: false, failureCode: 'insufficient_funds' },
    })
    await pay(url, 'declined')
    expect(await provider.checkout(checkoutId)).toMatchObject({ failureCode: 'generic_decline' })
    await pay(url, 'good')
    expect(await provider.checkout(checkoutId)).toMatchObject({ isPaid: true, failureCode: null })
  })

  test('a checkout that there is not is null', async () => {
    const { provider } = await open()
    expect(await provider.checkout('cs_test_none')).toBeNull()
  })
}

function endsCheckouts(open: Open) {
  test('an ended checkout cannot be paid, and ending it again changes nothing', async () => {
    const { provider, now, pay } = await open()
    const { checkoutId, url } = await provider.createCheckout(checkoutOf(now()))
    expect(await provider.expireCheckout(checkoutId)).toBe('EXPIRED')
    await pay(url, 'good')
    expect(await provider.checkout(checkoutId)).toMatchObject({ state: 'EXPIRED', isPaid: false })
    expect(await provider.expireCheckout(checkoutId)).toBe('EXPIRED')
  })

  test('ending a checkout that was paid meanwhile says that it is complete', async () => {
    const { provider, now, pay } = await open()
    const { checkoutId, url } = await provider.createCheckout(checkoutOf(now()))
    await pay(url, 'good')
    expect(await provider.expireCheckout(checkoutId)).toBe('COMPLETE')
  })
}

async function paidIntent({ provider, now, pay }: Opened): Promise<string> {
  const { checkoutId, url } = await provider.createCheckout(checkoutOf(now()))
  await pay(url, 'good')
  return (await provider.checkout(checkoutId))?.intentId ?? 'none'
}

function givesBack(open: Open) {
  test('money goes back in parts, each once, and never more than was paid', async () => {
    const opened = await open()
    const { provider } = opened
    const intentId = await paidIntent(opened)
    const request = refundOf(intentId)
    const first = await provider.refund(request)
    expect(first).toMatchObject({ state: 'SUCCEEDED', failureCode: null })
    expect(await provider.refund(request)).toEqual(first)
    expect(await provider.refundStatus(first.stripeRefundId ?? '')).toEqual(first)
    const tooLarge = await provider.refund(refundOf(intentId, { amount: euros(4_001) }))
    expect(tooLarge).toEqual({
      ...{ stripeRefundId: null, state: 'FAILED', failureCode: 'amount_too_large' },
    })
    const rest = await provider.refund(refundOf(intentId, { amount: euros(4_000), reason: null }))
    expect(rest.state).toBe('SUCCEEDED')
    expect(await provider.refund(refundOf(intentId))).toEqual({
      ...{ stripeRefundId: null, state: 'FAILED', failureCode: 'charge_already_refunded' },
    })
  })

  test('what was never paid cannot go back', async () => {
    const { provider, now, pay } = await open()
    const { checkoutId, url } = await provider.createCheckout(checkoutOf(now()))
    await pay(url, 'declined')
    const intentId = (await provider.checkout(checkoutId))?.intentId ?? ''
    expect(await provider.refund(refundOf(intentId))).toMatchObject({
      ...{ stripeRefundId: null, state: 'FAILED' },
    })
    expect(await provider.refundStatus('re_none')).toBeNull()
  })
}

/** Moves the time of a signed request without signing it anew. */
const redated = ({ signature }: SignedEvent, at: Date) =>
  signature.replace(/^t=\d+/, `t=${Math.floor(at.getTime() / 1_000)}`)

function tellsEvents(open: Open) {
  test('a payment and a refund are told, and lead to what they are about', async () => {
    const opened = await open()
    const { provider, now } = opened
    const request = checkoutOf(now())
    const { checkoutId, url } = await provider.createCheckout(request)
    await opened.pay(url, 'good')
    const intentId = (await provider.checkout(checkoutId))?.intentId ?? ''
    const { stripeRefundId } = await provider.refund(refundOf(intentId))
    const told = await opened.told()
    const events = await Promise.all(
      told.map(({ body, signature }) => provider.eventFrom(body, signature)),
    )
    const { paymentId } = request
    const paid = events.find((event) => event.checkoutId === checkoutId)
    expect(paid).toMatchObject({ type: 'checkout.session.completed', paymentId, intentId })
    const succeeded = events.find(({ type }) => type === 'payment_intent.succeeded')
    expect(succeeded).toMatchObject({ paymentId, intentId, checkoutId: null })
    const refunded = events.find((event) => event.stripeRefundId === stripeRefundId)
    expect(refunded).toMatchObject({ type: 'refund.created', intentId })
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
  })

  test('an event that is altered, unsigned, redated or old is not believed', async () => {
    const opened = await open()
    const { provider, now } = opened
    await paidIntent(opened)
    const [event] = await opened.told()
    if (!event) throw new Error('Nothing was told.')
    const { body, signature } = event
    expect((await provider.eventFrom(body, signature)).id).toStartWith('evt_')
    const forged: [string, string | null][] = [
      [body.replace('"livemode": false', '"livemode": true'), signature],
      [body, null],
      [body, 't=1,v1=00'],
      [body, redated(event, new Date(now().getTime() + 60_000))],
    ]
    for (const [text, header] of forged) {
      await expect(provider.eventFrom(text, header)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    }
  })
}
