import type { Stripe } from 'stripe'
import type { Card } from './cards.ts'
import { emit, newId, type World } from './world.ts'

const noChecks = { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' }

const cardDetails = (card: Card): Stripe.Charge.PaymentMethodDetails.Card => ({
  amount_authorized: null,
  authorization_code: null,
  brand: card.brand,
  checks: noChecks,
  country: 'FR',
  electronic_commerce_indicator: null,
  exp_month: 12,
  exp_year: 2_040,
  fingerprint: null,
  funding: 'credit',
  installments: null,
  last4: card.number.slice(-4),
  mandate: null,
  network: card.brand,
  network_token: null,
  network_transaction_id: null,
  regulated_status: 'unregulated',
  three_d_secure: null,
  transaction_link_id: null,
  wallet: null,
})

/** What a plain card charge has none of. */
const nothingElse = {
  application: null,
  application_fee: null,
  application_fee_amount: null,
  balance_transaction: null,
  calculated_statement_descriptor: 'PLEXUS TEST',
  disputed: false,
  failure_balance_transaction: null,
  fraud_details: {},
  on_behalf_of: null,
  payment_method: null,
  receipt_number: null,
  receipt_url: null,
  review: null,
  shipping: null,
  source: null,
  source_transfer: null,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  transfer_data: null,
  transfer_group: null,
}

const approved: Stripe.Charge.Outcome = {
  advice_code: null,
  network_advice_code: null,
  network_decline_code: null,
  network_status: 'approved_by_network',
  reason: null,
  risk_level: 'normal',
  seller_message: 'Payment complete.',
  type: 'authorized',
}

const refused = (reason: string | null): Stripe.Charge.Outcome => ({
  ...approved,
  network_status: 'declined_by_network',
  reason,
  seller_message: 'The bank returned the decline code.',
  type: 'issuer_declined',
})

type Decline = { code: string; declineCode: string | null; message: string }

/** One attempt to take an intent's money from a card. */
export function insertCharge(
  world: World,
  intent: Stripe.PaymentIntent,
  { card, decline }: { card: Card; decline: Decline | null },
): Stripe.Charge {
  const charge: Stripe.Charge = {
    ...nothingElse,
    id: newId('ch'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: decline ? 0 : intent.amount,
    amount_refunded: 0,
    billing_details: {
      address: null,
      email: intent.receipt_email,
      name: null,
      phone: null,
      tax_id: null,
    },
    captured: !decline,
    created: world.now,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    livemode: false,
    metadata: intent.metadata,
    outcome: decline ? refused(decline.declineCode) : approved,
    paid: !decline,
    payment_intent: intent.id,
    payment_method_details: { card: cardDetails(card), type: 'card' },
    receipt_email: intent.receipt_email,
    refunded: false,
    status: decline ? 'failed' : 'succeeded',
  }
  world.store.insert('charge', charge)
  emit(world, decline ? 'charge.failed' : 'charge.succeeded', charge)
  return charge
}
