import type { Stripe } from 'stripe'
import { z } from 'zod'
import { type Card, cardOfMethod } from './cards.ts'
import { insertCharge } from './charge.ts'
import { invalidRequest, noSuch, StripeFault } from './fault.ts'
import { bool, currency, httpUrl, integer, list, metadata, text } from './params.ts'
import { emit, existing, newId, type World } from './world.ts'

type Intent = Stripe.PaymentIntent

export const intentParams = {
  amount: integer.pipe(z.int().min(50).max(99_999_999)),
  currency,
  customer: text.optional(),
  description: text.optional(),
  receipt_email: text.optional(),
  metadata,
  confirm: bool.default(false),
  payment_method: text.optional(),
  payment_method_types: list(z.literal('card')).optional(),
  automatic_payment_methods: z
    .strictObject({ enabled: bool, allow_redirects: z.enum(['always', 'never']).optional() })
    .optional(),
  return_url: httpUrl.optional(),
}

export const confirmParams = { payment_method: text, return_url: httpUrl.optional() }

type NewIntent = {
  amount: number
  currency: string
  customer?: string | undefined
  description?: string | undefined
  receipt_email?: string | undefined
  metadata: Record<string, string>
}

/** What a plain card payment has none of. */
const nothingElse = {
  allowed_payment_method_types: null,
  application: null,
  application_fee_amount: null,
  automatic_payment_methods: null,
  canceled_at: null,
  cancellation_reason: null,
  customer_account: null,
  excluded_payment_method_types: null,
  managed_payments: null,
  on_behalf_of: null,
  payment_method: null,
  payment_method_configuration_details: null,
  payment_method_options: {},
  payment_record: null,
  processing: null,
  review: null,
  setup_future_usage: null,
  shipping: null,
  source: null,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  transfer_data: null,
  transfer_group: null,
} as const

export function insertIntent(world: World, params: NewIntent): Intent {
  const id = newId('pi')
  const intent: Intent = {
    ...nothingElse,
    id,
    object: 'payment_intent',
    amount: params.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    capture_method: 'automatic_async',
    client_secret: newId(`${id}_secret`),
    confirmation_method: 'automatic',
    created: world.now,
    currency: params.currency,
    customer: params.customer ?? null,
    description: params.description ?? null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: params.metadata,
    next_action: null,
    payment_method_types: ['card'],
    receipt_email: params.receipt_email ?? null,
    status: 'requires_payment_method',
  }
  emit(world, 'payment_intent.created', world.store.insert('payment_intent', intent))
  return intent
}

const changed = (world: World, intent: Intent, event: string): Intent => {
  emit(world, event, world.store.update('payment_intent', intent))
  return intent
}

/** Takes the money. */
export function succeed(world: World, intent: Intent, card: Card): Intent {
  const charge = insertCharge(world, intent, { card, decline: null })
  const paid: Intent = {
    ...intent,
    amount_received: intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    status: 'succeeded',
  }
  return changed(world, paid, 'payment_intent.succeeded')
}

type Failure = { code: string; declineCode: string | null; message: string }

/** Another card may be tried. */
export function fail(
  world: World,
  intent: Intent,
  failure: Failure,
  charge: string | null,
): Intent {
  const error: Stripe.PaymentIntent.LastPaymentError = {
    ...(charge && { charge }),
    code: failure.code as Stripe.PaymentIntent.LastPaymentError.Code,
    ...(failure.declineCode && { decline_code: failure.declineCode }),
    message: failure.message,
    type: 'card_error',
  }
  const failed: Intent = {
    ...intent,
    last_payment_error: error,
    latest_charge: charge ?? intent.latest_charge,
    next_action: null,
    status: 'requires_payment_method',
  }
  return changed(world, failed, 'payment_intent.payment_failed')
}

/** The payer refused, or could not, prove who they are. */
export const failAuthentication = (world: World, intent: Intent): Intent =>
  fail(
    world,
    intent,
    {
      code: 'payment_intent_authentication_failure',
      declineCode: null,
      message:
        'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
    },
    null,
  )

function askToAuthenticate(world: World, intent: Intent, returnUrl: string | null): Intent {
  const url = `${world.origin}/c/authenticate/${intent.id}`
  const asking: Intent = {
    ...intent,
    last_payment_error: null,
    next_action: { type: 'redirect_to_url', redirect_to_url: { return_url: returnUrl, url } },
    status: 'requires_action',
  }
  return changed(world, asking, 'payment_intent.requires_action')
}

/** Charges the card, or asks for what it needs first. */
export function attempt(
  world: World,
  intent: Intent,
  card: Card,
  returnUrl: string | null,
): Intent {
  const { outcome } = card
  if (outcome.kind === 'succeeds') return succeed(world, intent, card)
  if (outcome.kind === 'authenticates') return askToAuthenticate(world, intent, returnUrl)
  const charge = insertCharge(world, intent, { card, decline: outcome.decline })
  return fail(world, intent, outcome.decline, charge.id)
}

type ConfirmParams = { payment_method: string; return_url?: string | undefined }

/** Throws StripeFault, 402 for a declined card: the attempt is kept and told all the same. */
export function confirmIntent(world: World, id: string, params: ConfirmParams): Intent {
  const intent = existing(world, 'payment_intent', id, 'intent')
  if (intent.status === 'succeeded' || intent.status === 'canceled') {
    throw invalidRequest(
      `You cannot confirm this PaymentIntent because it has a status of ${intent.status}.`,
      { code: 'payment_intent_unexpected_state' },
    )
  }
  const card = cardOfMethod(params.payment_method)
  if (!card) throw noSuch('PaymentMethod', params.payment_method, 'payment_method')
  return attempt(world, intent, card, params.return_url ?? null)
}

/** What the API answers to a confirmation that was declined. */
export function declineOf({ last_payment_error: error }: Intent): StripeFault | null {
  if (!error) return null
  return new StripeFault(402, {
    type: 'card_error',
    message: error.message ?? 'Your card was declined.',
    ...(error.code && { code: error.code }),
    ...(error.decline_code && { decline_code: error.decline_code }),
  })
}

/** Throws StripeFault for one that has taken money, or was cancelled before. */
export function cancelIntent(world: World, id: string): Intent {
  const intent = existing(world, 'payment_intent', id, 'intent')
  if (intent.status === 'succeeded' || intent.status === 'canceled') {
    throw invalidRequest(
      `You cannot cancel this PaymentIntent because it has a status of ${intent.status}.`,
      { code: 'payment_intent_unexpected_state' },
    )
  }
  const cancelled: Intent = { ...intent, canceled_at: world.now, status: 'canceled' }
  return changed(world, cancelled, 'payment_intent.canceled')
}
