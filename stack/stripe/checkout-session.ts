import type { Stripe } from 'stripe'
import { z } from 'zod'
import { createCustomer } from './customer.ts'
import { invalidRequest } from './fault.ts'
import { currency, httpUrl, integer, list, metadata, text } from './params.ts'
import { cancelIntent } from './payment-intent.ts'
import { priceDataParams, priceOf } from './price.ts'
import type { LineItem, Store } from './store.ts'
import { emit, existing, newId, type World } from './world.ts'

const lineItemParams = z.strictObject({
  price: text.optional(),
  price_data: z.strictObject(priceDataParams).optional(),
  quantity: integer.pipe(z.int().min(1).max(999_999)).default(1),
})

const intentData = z.strictObject({
  description: text.optional(),
  receipt_email: text.optional(),
  metadata,
})

const locales = ['auto', 'de', 'en', 'en-GB', 'es', 'fr', 'fr-CA', 'it', 'nl', 'pt'] as const

export const sessionParams = {
  mode: z.literal('payment'),
  ui_mode: z.literal('hosted_page').default('hosted_page'),
  success_url: httpUrl,
  cancel_url: httpUrl.optional(),
  client_reference_id: text.max(200).optional(),
  currency: currency.optional(),
  customer: text.optional(),
  customer_email: text.max(800).optional(),
  customer_creation: z.enum(['always', 'if_required']).default('if_required'),
  expires_at: integer.optional(),
  line_items: list(lineItemParams),
  locale: z.enum(locales).optional(),
  metadata,
  payment_intent_data: intentData.optional(),
  payment_method_types: list(z.literal('card')).optional(),
  submit_type: z.enum(['auto', 'book', 'donate', 'pay']).optional(),
}

type Params = z.output<z.ZodObject<typeof sessionParams>>
export type Session = Stripe.Checkout.Session

const shortestSeconds = 30 * 60
const longestSeconds = 24 * 3_600
const smallestAmount = 50

function expiryOf(now: number, asked: number | undefined): number {
  const expiresAt = asked ?? now + longestSeconds
  const param = { param: 'expires_at' }
  if (expiresAt < now + shortestSeconds) {
    throw invalidRequest(
      'The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.',
      param,
    )
  }
  if (expiresAt <= now + longestSeconds) return expiresAt
  throw invalidRequest(
    'The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.',
    param,
  )
}

function lineItemOf(world: World, item: Params['line_items'][number]): LineItem {
  const price = priceOf(world, item)
  const total = (price.unit_amount ?? 0) * item.quantity
  // The price was made for a product that exists.
  const name = existing(world, 'product', String(price.product)).name
  return {
    id: newId('li'),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: total,
    amount_tax: 0,
    amount_total: total,
    currency: price.currency,
    description: name,
    discounts: [],
    metadata: {},
    price,
    quantity: item.quantity,
    taxes: [],
  }
}

/** Amount and currency of the whole. Throws StripeFault for what cannot be charged. */
function totalOf(items: readonly LineItem[]) {
  const [first] = items
  if (!first) {
    throw invalidRequest('You must specify at least one line item.', { param: 'line_items' })
  }
  if (items.some((item) => item.currency !== first.currency)) {
    throw invalidRequest('All line items must have the same currency.', { param: 'line_items' })
  }
  const amount = items.reduce((sum, item) => sum + item.amount_total, 0)
  if (amount < smallestAmount) {
    throw invalidRequest("The Checkout Session's total amount must convert to at least 50 cents.", {
      code: 'amount_too_small',
    })
  }
  return { amount, currency: first.currency }
}

/** What a plain payment has none of. */
const nothingElse = {
  adaptive_pricing: null,
  after_expiration: null,
  allow_promotion_codes: null,
  allowed_payment_method_types: null,
  billing_address_collection: null,
  client_secret: null,
  collected_information: null,
  consent: null,
  consent_collection: null,
  currency_conversion: null,
  customer_account: null,
  integration_identifier: null,
  invoice: null,
  invoice_creation: null,
  managed_payments: null,
  origin_context: null,
  payment_link: null,
  payment_method_configuration_details: null,
  permissions: null,
  recovered_from: null,
  saved_payment_method_options: null,
  setup_intent: null,
  shipping_address_collection: null,
  shipping_cost: null,
  subscription: null,
  wallet_options: null,
} as const

function customerOf(world: World, params: Params): string | null {
  if (params.customer !== undefined && params.customer_email !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: customer, customer_email.')
  }
  return params.customer ? existing(world, 'customer', params.customer, 'customer').id : null
}

export function createSession(world: World, params: Params): Session {
  const { store, now, origin } = world
  const id = newId('cs_test', 58)
  const items = params.line_items.map((item) => lineItemOf(world, item))
  const total = totalOf(items)
  const session: Session = {
    ...nothingElse,
    id,
    object: 'checkout.session',
    amount_subtotal: total.amount,
    amount_total: total.amount,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    created: now,
    currency: total.currency,
    custom_fields: [],
    custom_text: {
      ...{ after_submit: null, shipping_address: null },
      ...{ submit: null, terms_of_service_acceptance: null },
    },
    customer: customerOf(world, params),
    customer_creation: params.customer ? null : params.customer_creation,
    customer_details: params.customer_email ? detailsOf(params.customer_email) : null,
    customer_email: params.customer_email ?? null,
    discounts: [],
    expires_at: expiryOf(now, params.expires_at),
    livemode: false,
    locale: params.locale ?? null,
    metadata: params.metadata,
    mode: 'payment',
    payment_intent: null,
    payment_method_collection: 'if_required',
    payment_method_options: {},
    payment_method_types: ['card'],
    payment_status: 'unpaid',
    phone_number_collection: { enabled: false },
    shipping_options: [],
    status: 'open',
    submit_type: params.submit_type ?? null,
    success_url: params.success_url,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: `${origin}/c/pay/${id}`,
  }
  store.insert('checkout.session', session)
  store.wakeAt(id, session.expires_at)
  store.keepDetail(id, { items, intent: params.payment_intent_data ?? { metadata: {} } })
  return session
}

const detailsOf = (email: string): Stripe.Checkout.Session.CustomerDetails => ({
  address: null,
  business_name: null,
  email,
  individual_name: null,
  name: null,
  phone: null,
  tax_exempt: 'none',
  tax_ids: [],
})

function expire(world: World, session: Session): Session {
  if (typeof session.payment_intent === 'string') cancelIntent(world, session.payment_intent)
  const expired: Session = { ...session, status: 'expired', url: null }
  emit(world, 'checkout.session.expired', world.store.update('checkout.session', expired))
  return expired
}

/** Throws StripeFault unless it is still open. */
export function expireSession(world: World, id: string): Session {
  const session = existing(world, 'checkout.session', id)
  if (session.status === 'open') return expire(world, session)
  throw invalidRequest(
    `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
  )
}

/** Ends a session whose time has come. */
export function expireIfOpen(world: World, id: string): void {
  const session = world.store.find('checkout.session', id)
  if (session?.status === 'open') expire(world, session)
}

/** The session when its payment has come in. */
export function completeSession(world: World, session: Session, intent: string): Session {
  const made = session.customer_creation === 'always' && session.customer === null
  const email = session.customer_email ?? undefined
  const complete: Session = {
    ...session,
    customer: made ? createCustomer(world, { email, metadata: {} }).id : session.customer,
    payment_intent: intent,
    payment_status: 'paid',
    status: 'complete',
    url: null,
  }
  emit(world, 'checkout.session.completed', world.store.update('checkout.session', complete))
  return complete
}

export const lineItemsOf = (store: Store, session: Session) => ({
  object: 'list' as const,
  data: store.detailOf(session.id)?.items ?? [],
  has_more: false,
  url: `/v1/checkout/sessions/${session.id}/line_items`,
})
