import { Stripe } from 'stripe'
import { AppError } from '#kit/errors'
import { eventFrom } from './event.stripe.ts'
import type {
  Checkout,
  CheckoutRequest,
  CheckoutState,
  PaymentProvider,
  Refund,
  RefundRequest,
  StartedCheckout,
} from './provider.ts'

type Options = {
  readonly secretKey: string
  readonly webhookSecret: string
  /** Null: Stripe itself. */
  readonly apiUrl: string | null
  readonly now: () => Date
  readonly timeoutMs?: number
}

/** Of one try: a person waits, and two of three tries fit into the ten seconds that the gateway gives a request. */
const usualTimeoutMs = 4_000
const retriesMax = 2

/** Stripe closes a page half an hour from now at the earliest; its clock may be ahead of ours. */
const pageMinutes = 31

function connectionTo(apiUrl: string | null) {
  if (!apiUrl) return {}
  const { hostname, port, protocol } = new URL(apiUrl)
  const name = protocol === 'http:' ? ('http' as const) : ('https' as const)
  return { host: hostname, port: port || (name === 'http' ? 80 : 443), protocol: name }
}

const clientOf = ({ secretKey, apiUrl, timeoutMs = usualTimeoutMs }: Options) =>
  new Stripe(secretKey, {
    // The version that this code was written for; an upgrade of the package is an upgrade of the code.
    apiVersion: '2026-10-28.endive',
    timeout: timeoutMs,
    maxNetworkRetries: retriesMax,
    telemetry: false,
    ...connectionTo(apiUrl),
  })

const isOutage = (error: unknown) =>
  error instanceof Stripe.errors.StripeConnectionError ||
  error instanceof Stripe.errors.StripeRateLimitError ||
  error instanceof Stripe.errors.StripeAPIError ||
  (error instanceof Stripe.errors.StripeError && error.statusCode === 409)

const notNow = (cause: unknown) =>
  new AppError('UNAVAILABLE', 'Payments are not available now. Try again in a moment.', { cause })

/** An outage may be said to people; what we did wrong is for the log only. */
async function asked<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (cause) {
    throw isOutage(cause) ? notNow(cause) : cause
  }
}

const isMissing = (error: unknown) =>
  error instanceof Stripe.errors.StripeError && error.code === 'resource_missing'

/** Null for an object that Stripe does not know. */
async function found<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await asked(call)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** The same at each repetition: Stripe refuses a key that comes with other parameters. */
function sessionParams(request: CheckoutRequest): Stripe.Checkout.SessionCreateParams {
  const { paymentId, bookingId, amount, customer, expiresAt } = request
  const metadata = { payment_id: paymentId, booking_id: bookingId, person_id: customer.personId }
  const price_data = {
    currency: amount.currency.toLowerCase(),
    unit_amount: amount.amount,
    product_data: { name: request.description },
  }
  return {
    mode: 'payment',
    client_reference_id: bookingId,
    ...(customer.email && { customer_email: customer.email }),
    line_items: [{ quantity: 1, price_data }],
    locale: request.locale,
    metadata,
    payment_intent_data: { description: request.description, metadata },
    success_url: request.successUrl,
    cancel_url: request.cancelUrl,
    expires_at: Math.floor(expiresAt.getTime() / 1_000) + pageMinutes * 60,
  }
}

async function createCheckout(stripe: Stripe, request: CheckoutRequest): Promise<StartedCheckout> {
  const session = await asked(() =>
    stripe.checkout.sessions.create(sessionParams(request), {
      idempotencyKey: `checkout-${request.paymentId}`,
    }),
  )
  if (!session.url) throw new Error(`Stripe gave the checkout ${session.id} no page.`)
  return {
    checkoutId: session.id,
    url: session.url,
    expiresAt: new Date(session.expires_at * 1_000),
  }
}

const states: Readonly<Record<string, CheckoutState>> = { complete: 'COMPLETE', expired: 'EXPIRED' }

const stateOf = ({ status }: Stripe.Checkout.Session): CheckoutState =>
  states[status ?? 'open'] ?? 'OPEN'

async function expireCheckout(stripe: Stripe, checkoutId: string): Promise<CheckoutState> {
  try {
    return stateOf(await asked(() => stripe.checkout.sessions.expire(checkoutId)))
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error
    // Stripe refuses to end what is over; then it says how it ended.
    const session = await found(() => stripe.checkout.sessions.retrieve(checkoutId))
    if (!session) return 'EXPIRED'
    const state = stateOf(session)
    if (state === 'OPEN') throw error
    return state
  }
}

const whole = <T extends object>(value: string | T | null) =>
  typeof value === 'string' ? null : value

const idOf = (value: string | { id: string } | null) =>
  typeof value === 'string' ? value : (value?.id ?? null)

async function checkout(stripe: Stripe, checkoutId: string): Promise<Checkout | null> {
  const session = await found(() =>
    stripe.checkout.sessions.retrieve(checkoutId, { expand: ['payment_intent'] }),
  )
  if (!session) return null
  const error = whole(session.payment_intent)?.last_payment_error
  return {
    state: stateOf(session),
    paymentId: session.metadata?.payment_id ?? null,
    intentId: idOf(session.payment_intent),
    isPaid: session.payment_status === 'paid',
    failureCode: error?.decline_code ?? error?.code ?? null,
  }
}

const refundStates: Readonly<Record<string, Refund['state']>> = {
  pending: 'PENDING',
  requires_action: 'PENDING',
  succeeded: 'SUCCEEDED',
  failed: 'FAILED',
  canceled: 'FAILED',
}

function refundOf(refund: Stripe.Refund): Refund {
  const state = refundStates[refund.status ?? 'pending'] ?? 'PENDING'
  const failureCode = state === 'FAILED' ? (refund.failure_reason ?? 'unknown') : null
  return { stripeRefundId: refund.id, state, failureCode }
}

/** Stripe gives no code to a refund that is larger than what is left. */
const refusalOf = ({ code, param }: Stripe.errors.StripeInvalidRequestError) =>
  code ?? (param === 'amount' ? 'amount_too_large' : 'refused')

/** Refusals that end by themselves, or when somebody mends our account or its key: nothing is given up for them. */
const passing = new Set(['resource_missing', 'livemode_mismatch', 'balance_insufficient'])

/** Stripe forgets an idempotency key after 24 hours, then the same call gives money back again. */
const keyHours = 20

/** The refund that an earlier call has made, found by our id. */
async function madeBefore(stripe: Stripe, { refundId, intentId }: RefundRequest) {
  for await (const made of stripe.refunds.list({ payment_intent: intentId, limit: 100 })) {
    if (made.metadata?.refund_id === refundId) return made
  }
  return null
}

type At = { readonly stripe: Stripe; readonly now: Date }

async function refund({ stripe, now }: At, request: RefundRequest): Promise<Refund> {
  const isLate = now.getTime() - request.askedAt.getTime() > keyHours * 3_600_000
  const params: Stripe.RefundCreateParams = {
    payment_intent: request.intentId,
    amount: request.amount.amount,
    metadata: {
      refund_id: request.refundId,
      ...(request.reason && { reason: request.reason.slice(0, 500) }),
    },
  }
  const options = { idempotencyKey: `refund-${request.refundId}` }
  try {
    const made = isLate ? await asked(() => madeBefore(stripe, request)) : null
    return refundOf(made ?? (await asked(() => stripe.refunds.create(params, options))))
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error
    if (passing.has(error.code ?? '')) throw notNow(error)
    return { stripeRefundId: null, state: 'FAILED', failureCode: refusalOf(error) }
  }
}

/** Payments by Stripe, or by whatever speaks its API at `apiUrl`. */
export function stripeProvider(options: Options): PaymentProvider {
  const stripe = clientOf(options)
  const { webhookSecret, now } = options
  return {
    createCheckout: (request) => createCheckout(stripe, request),
    expireCheckout: (checkoutId) => expireCheckout(stripe, checkoutId),
    checkout: (checkoutId) => checkout(stripe, checkoutId),
    refund: (request) => refund({ stripe, now: now() }, request),
    refundStatus: async (stripeRefundId) => {
      const known = await found(() => stripe.refunds.retrieve(stripeRefundId))
      return known && refundOf(known)
    },
    eventFrom: (rawBody, signature) =>
      eventFrom(stripe, { rawBody, signature, webhookSecret, now }),
  }
}
