import type { Stripe } from 'stripe'
import { z } from 'zod'
import { testCards } from './cards.ts'
import { invalidRequest } from './fault.ts'
import { integer, metadata, text } from './params.ts'
import { emit, existing, newId, type World } from './world.ts'

export const refundParams = {
  payment_intent: text.optional(),
  charge: text.optional(),
  amount: integer.pipe(z.int().min(1)).optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
  metadata,
}

type Params = z.output<z.ZodObject<typeof refundParams>>
type Refund = Stripe.Refund
type Charge = Stripe.Charge

/** The charge whose money goes back. Throws StripeFault when there is none that succeeded. */
function chargeOf(world: World, params: Params): Charge {
  if (params.charge !== undefined) return existing(world, 'charge', params.charge, 'charge')
  if (params.payment_intent === undefined) {
    throw invalidRequest('One of the following params should be provided: payment_intent, charge.')
  }
  const intent = existing(world, 'payment_intent', params.payment_intent, 'payment_intent')
  if (intent.status === 'succeeded' && typeof intent.latest_charge === 'string') {
    return existing(world, 'charge', intent.latest_charge)
  }
  throw invalidRequest(
    `This PaymentIntent (${intent.id}) does not have a successful charge to refund.`,
    { code: 'payment_intent_unexpected_state', param: 'payment_intent' },
  )
}

const shown = (amount: number, currency: string) =>
  `${currency.toUpperCase()} ${(amount / 100).toFixed(2)}`

/** How much goes back. Throws StripeFault when that is more than is left. */
function amountOf(charge: Charge, asked: number | undefined): number {
  const left = charge.amount - charge.amount_refunded
  if (left === 0) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, {
      code: 'charge_already_refunded',
    })
  }
  const amount = asked ?? left
  if (amount <= left) return amount
  throw invalidRequest(
    `Refund amount (${shown(amount, charge.currency)}) is greater than unrefunded amount on charge (${shown(left, charge.currency)})`,
    { param: 'amount' },
  )
}

/** How the refunds of a charge's card go. */
const behaviourOf = (charge: Charge) => {
  const last4 = charge.payment_method_details?.card?.last4
  return testCards.find(({ number }) => last4 === number.slice(-4))?.refund ?? null
}

/** How long a bank takes in this small world. */
const bankSeconds = 10

export function createRefund(world: World, params: Params): Refund {
  const charge = chargeOf(world, params)
  const amount = amountOf(charge, params.amount)
  const refund: Refund = {
    id: newId('re'),
    object: 'refund',
    amount,
    balance_transaction: null,
    charge: charge.id,
    created: world.now,
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: { type: 'card', card: { type: 'refund', reference_status: 'pending' } },
    metadata: params.metadata,
    payment_intent: charge.payment_intent,
    payment_method: null,
    reason: params.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: behaviourOf(charge) === 'pending-then-succeeded' ? 'pending' : 'succeeded',
    transfer_reversal: null,
  }
  if (behaviourOf(charge)) world.store.wakeAt(refund.id, world.now + bankSeconds)
  emit(world, 'refund.created', world.store.insert('refund', refund))
  emit(world, 'charge.refunded', refunded(world, charge, amount))
  return refund
}

/** The charge when that much more of it is given back; less when it came back to us. */
function refunded({ store }: World, charge: Charge, amount: number): Charge {
  const total = charge.amount_refunded + amount
  return store.update('charge', {
    ...charge,
    amount_refunded: total,
    refunded: total === charge.amount,
  })
}

/** Lets the bank have its say, for the cards that are known for it. */
export function settleRefund(world: World, id: string): void {
  const refund = world.store.find('refund', id)
  if (!refund) return
  const charge = existing(world, 'charge', String(refund.charge))
  const behaviour = behaviourOf(charge)
  if (behaviour === 'pending-then-succeeded') {
    const done: Refund = { ...refund, status: 'succeeded' }
    emit(world, 'refund.updated', world.store.update('refund', done))
  }
  if (behaviour === 'succeeded-then-failed') {
    const failed: Refund = { ...refund, status: 'failed', failure_reason: 'unknown' }
    emit(world, 'refund.failed', world.store.update('refund', failed))
    emit(world, 'charge.updated', refunded(world, charge, -refund.amount))
  }
}
