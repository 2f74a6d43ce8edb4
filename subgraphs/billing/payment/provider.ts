import type { Money } from '#kit/money'

/** All that decides the answer is the same at each repetition: the provider knows a repeated call by `paymentId`. */
export type CheckoutRequest = {
  readonly paymentId: string
  readonly bookingId: string
  readonly amount: Money
  /** What the payer reads: one line. */
  readonly description: string
  readonly customer: { readonly personId: string; readonly email: string | null }
  readonly locale: 'fr' | 'en'
  readonly successUrl: string
  readonly cancelUrl: string
  /** When what is paid for is no longer held. The page itself may stay open longer: end it by `expireCheckout`. */
  readonly expiresAt: Date
}

export type StartedCheckout = {
  readonly checkoutId: string
  /** Where the payer goes; shows that it is over when it is. */
  readonly url: string
  /** When the provider closes the page by itself, at least half an hour from now. */
  readonly expiresAt: Date
}

export type CheckoutState = 'OPEN' | 'COMPLETE' | 'EXPIRED'

export type Checkout = {
  readonly state: CheckoutState
  /** Ours, as given at the start; null for a checkout that somebody else made on the same account. */
  readonly paymentId: string | null
  readonly intentId: string | null
  readonly isPaid: boolean
  /** Why the last attempt to pay failed (`insufficient_funds`); null when none did. */
  readonly failureCode: string | null
}

export type RefundRequest = {
  readonly refundId: string
  readonly intentId: string
  readonly amount: Money
  /** Ours, for the one who reads the provider's dashboard. */
  readonly reason: string | null
  /** When it was decided, so before it was first sent. */
  readonly askedAt: Date
}

export type Refund = {
  /** Null when the provider refused: more than is left, nothing paid, disputed. Then the state is FAILED. */
  readonly stripeRefundId: string | null
  readonly state: 'PENDING' | 'SUCCEEDED' | 'FAILED'
  /** Why it failed (`charge_already_refunded`, `amount_too_large`); null unless it did. */
  readonly failureCode: string | null
}

/** What happened, as a hint of where to look: events come late, twice, and in any order. */
export type PaymentEvent = {
  readonly id: string
  readonly type: string
  readonly createdAt: Date
  /** Ours, when the object carries it. */
  readonly paymentId: string | null
  readonly checkoutId: string | null
  readonly intentId: string | null
  readonly stripeRefundId: string | null
}

/** Every call throws AppError UNAVAILABLE when the provider cannot answer now; the same call may be repeated. */
export type PaymentProvider = {
  /** Starts a checkout once for a `paymentId`: a repetition within a day gets the same one. */
  createCheckout(request: CheckoutRequest): Promise<StartedCheckout>
  /**
   * Ends an open checkout and says what it is now: COMPLETE means that the payer was faster. One that
   * the provider does not know is EXPIRED.
   */
  expireCheckout(checkoutId: string): Promise<CheckoutState>
  /** Null for a checkout that the provider does not know. */
  checkout(checkoutId: string): Promise<Checkout | null>
  /** Gives money back once for a `refundId`, however late a repetition comes. */
  refund(request: RefundRequest): Promise<Refund>
  /** How a refund stands; null for one that the provider does not know. */
  refundStatus(stripeRefundId: string): Promise<Refund | null>
  /** The event of a signed request. Throws AppError BAD_REQUEST when the signature is not ours, or old. */
  eventFrom(rawBody: string, signature: string | null): Promise<PaymentEvent>
}
