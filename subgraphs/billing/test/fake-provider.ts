import { createHmac } from 'node:crypto'
import { AppError } from '#kit/errors'
import type {
  Checkout,
  CheckoutRequest,
  PaymentEvent,
  PaymentProvider,
  Refund,
  RefundRequest,
} from '../payment/provider.ts'

type Page = Checkout & { checkoutId: string; request: CheckoutRequest }
type Call = Exclude<keyof PaymentProvider, 'eventFrom'>
type Fault = 'before' | 'after'

const secret = 'whsec_of_the_fake'
const toleranceMs = 300_000

/** A payment provider in memory: knows repeated calls by our ids, and fails when a test says so. */
export class FakeProvider implements PaymentProvider {
  readonly pages = new Map<string, Page>()
  readonly refunds = new Map<string, Refund & { request: RefundRequest }>()
  readonly calls: Call[] = []
  /** Every event, as it would be delivered. */
  readonly told: { body: string; signature: string }[] = []
  /** What a refund is answered with. */
  refundState: Refund['state'] = 'SUCCEEDED'
  /** While set, a call waits for it after its work is done. */
  slow: Promise<unknown> | null = null
  readonly #faults = new Map<Call, Fault[]>()
  readonly #now: () => Date

  constructor(now: () => Date) {
    this.#now = now
  }

  /** The next call of that name fails: before anything is done, or after all of it was. */
  failNext(call: Call, when: Fault) {
    this.#faults.set(call, [...(this.#faults.get(call) ?? []), when])
  }

  async #call<T>(call: Call, work: () => T): Promise<T> {
    this.calls.push(call)
    const fault = this.#faults.get(call)?.shift()
    const away = () => new AppError('UNAVAILABLE', 'Payments are not available now. Try again.')
    if (fault === 'before') throw away()
    const result = work()
    await this.slow
    if (fault === 'after') throw away()
    return result
  }

  #page(checkoutId: string): Page {
    const page = this.pages.get(checkoutId)
    if (!page) throw new Error(`No page ${checkoutId}.`)
    return page
  }

  #change(checkoutId: string, change: Partial<Page>) {
    this.pages.set(checkoutId, { ...this.#page(checkoutId), ...change })
  }

  createCheckout(request: CheckoutRequest) {
    return this.#call('createCheckout', () => {
      const checkoutId = `cs_${request.paymentId}`
      const known = this.pages.get(checkoutId)
      if (known && JSON.stringify(known.request) !== JSON.stringify(request)) {
        throw new Error('The same key for another request.')
      }
      const fresh = { state: 'OPEN', isPaid: false, intentId: null, failureCode: null } as const
      const { paymentId } = request
      this.pages.set(checkoutId, known ?? { ...fresh, checkoutId, paymentId, request })
      const expiresAt = new Date(request.expiresAt.getTime() + 1_800_000)
      return { checkoutId, url: `https://pay.example/${checkoutId}`, expiresAt }
    })
  }

  expireCheckout(checkoutId: string) {
    return this.#call('expireCheckout', () => {
      const { state } = this.#page(checkoutId)
      if (state === 'OPEN') this.#change(checkoutId, { state: 'EXPIRED' })
      return this.#page(checkoutId).state
    })
  }

  checkout(checkoutId: string) {
    return this.#call('checkout', () => {
      const page = this.pages.get(checkoutId)
      if (!page) return null
      const { state, paymentId, intentId, isPaid, failureCode } = page
      return { state, paymentId, intentId, isPaid, failureCode }
    })
  }

  refund(request: RefundRequest) {
    return this.#call('refund', () => {
      const { refundId, intentId } = request
      const known = this.refunds.get(refundId)
      if (known) return answerOf(known)
      const failureCode = this.#refusal(request)
      const stripeRefundId = failureCode === null ? `re_${refundId}` : null
      const state = failureCode === null ? this.refundState : 'FAILED'
      const refund = { stripeRefundId, state, failureCode, request }
      this.refunds.set(refundId, refund)
      if (failureCode === null) this.#tell('refund.created', { intentId, stripeRefundId })
      return answerOf(refund)
    })
  }

  #refusal({ intentId, amount: { amount } }: RefundRequest) {
    const page = this.pages.values().find((one) => one.intentId === intentId)
    if (!page?.isPaid) return 'refused'
    if (this.refundState === 'FAILED') return 'charge_disputed'
    const left = page.request.amount.amount - this.#returnedOf(intentId)
    if (left === 0) return 'charge_already_refunded'
    return amount > left ? 'amount_too_large' : null
  }

  #returnedOf(intentId: string | null) {
    return this.refunds
      .values()
      .filter(
        ({ state, request }) => state !== 'FAILED' && (!intentId || request.intentId === intentId),
      )
      .reduce((sum, { request }) => sum + request.amount.amount, 0)
  }

  refundStatus(stripeRefundId: string) {
    return this.#call('refundStatus', () => {
      const refund = this.#refund(stripeRefundId)
      return refund ? answerOf(refund) : null
    })
  }

  #refund(stripeRefundId: string) {
    return this.refunds.values().find((refund) => refund.stripeRefundId === stripeRefundId)
  }

  /** The bank's later word on a refund. */
  turnRefund(stripeRefundId: string, state: Refund['state']) {
    const refund = this.#refund(stripeRefundId)
    if (refund) this.refunds.set(refund.request.refundId, { ...refund, state })
  }

  /** The payer pays on the page; false when it is over. */
  pay(checkoutId: string): boolean {
    const { state, paymentId } = this.#page(checkoutId)
    if (state !== 'OPEN') return false
    const intentId = `pi_${checkoutId}`
    this.#change(checkoutId, { state: 'COMPLETE', isPaid: true, intentId, failureCode: null })
    this.#tell('checkout.session.completed', { paymentId, checkoutId, intentId })
    this.#tell('payment_intent.succeeded', { paymentId, intentId })
    return true
  }

  decline(checkoutId: string, failureCode: string) {
    this.#change(checkoutId, { failureCode, intentId: `pi_${checkoutId}` })
  }

  /** A payment that the bank has not settled yet. */
  submit(checkoutId: string) {
    this.#change(checkoutId, { state: 'COMPLETE', intentId: `pi_${checkoutId}` })
  }

  bounce(checkoutId: string, failureCode: string) {
    this.#change(checkoutId, { state: 'COMPLETE', failureCode })
  }

  #tell(type: string, subject: Partial<PaymentEvent>) {
    const event = {
      id: `evt_${crypto.randomUUID()}`,
      type,
      livemode: false,
      createdAt: this.#now(),
    }
    const body = JSON.stringify({ ...event, ...subject }, null, 2)
    this.told.push({ body, signature: this.sign(body) })
  }

  /** How much has gone back, all in all. */
  returned() {
    return this.#returnedOf(null)
  }

  sign(body: string, at = this.#now(), key = secret) {
    const seconds = Math.floor(at.getTime() / 1_000)
    const mac = createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex')
    return `t=${seconds},v1=${mac}`
  }

  async eventFrom(body: string, signature: string | null): Promise<PaymentEvent> {
    const [, seconds = '0'] = /^t=(\d+)/.exec(signature ?? '') ?? []
    const at = new Date(Number(seconds) * 1_000)
    const isOld = Math.abs(this.#now().getTime() - at.getTime()) > toleranceMs
    if (isOld || signature !== this.sign(body, at)) {
      throw new AppError('BAD_REQUEST', 'The signature is not valid.')
    }
    return unsignedEventFrom(body)
  }
}

const answerOf = ({ stripeRefundId, state, failureCode }: Refund): Refund => ({
  ...{ stripeRefundId, state, failureCode },
})

const nothing = { paymentId: null, checkoutId: null, intentId: null, stripeRefundId: null }

/** What an endpoint would believe that checks no signature. */
export function unsignedEventFrom(body: string): PaymentEvent {
  const event = JSON.parse(body)
  const { livemode: _, ...rest } = event
  return { ...nothing, ...rest, createdAt: new Date(event.createdAt) }
}
