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
    return this.#call('checkout', () => this.pages.get(checkoutId) ?? null)
  }

  refund(request: RefundRequest) {
    return this.#call('refund', () => {
      const { refundId } = request
      const failed = this.refundState === 'FAILED'
      const known = this.refunds.get(refundId) ?? {
        request,
        stripeRefundId: failed ? null : `re_${refundId}`,
        state: this.refundState,
        failureCode: failed ? 'charge_disputed' : null,
      }
      this.refunds.set(refundId, known)
      return known
    })
  }

  refundStatus(stripeRefundId: string) {
    return this.#call('refundStatus', () => this.#refund(stripeRefundId) ?? null)
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
    if (this.#page(checkoutId).state !== 'OPEN') return false
    const intentId = `pi_${checkoutId}`
    this.#change(checkoutId, { state: 'COMPLETE', isPaid: true, intentId, failureCode: null })
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

  /** How much has been taken from payers, all in all. */
  taken() {
    return this.pages
      .values()
      .reduce((sum, { isPaid, request }) => sum + (isPaid ? request.amount.amount : 0), 0)
  }

  returned() {
    return this.refunds
      .values()
      .reduce(
        (sum, { state, request }) => sum + (state === 'FAILED' ? 0 : request.amount.amount),
        0,
      )
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

const nothing = { paymentId: null, checkoutId: null, intentId: null, stripeRefundId: null }

/** What an endpoint would believe that checks no signature. */
export function unsignedEventFrom(body: string): PaymentEvent {
  const event = JSON.parse(body)
  return { ...nothing, ...event, createdAt: new Date(event.createdAt) }
}
