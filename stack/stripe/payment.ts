import type { Stripe } from 'stripe'
import type { Card } from './cards.ts'
import { testCards } from './cards.ts'
import { completeSession, type Session } from './checkout-session.ts'
import { attempt, failAuthentication, insertIntent, succeed } from './payment-intent.ts'
import { existing, type World } from './world.ts'

/** The intent of a session; made at the first attempt to pay. */
function intentOf(world: World, session: Session): Stripe.PaymentIntent {
  if (typeof session.payment_intent === 'string') {
    return existing(world, 'payment_intent', session.payment_intent)
  }
  const detail = world.store.detailOf(session.id)
  const email = session.customer_email
  const intent = insertIntent(world, {
    amount: session.amount_total ?? 0,
    currency: session.currency ?? 'eur',
    metadata: {},
    ...(email && { receipt_email: email }),
    ...(typeof session.customer === 'string' && { customer: session.customer }),
    ...detail?.intent,
  })
  world.store.update('checkout.session', { ...session, payment_intent: intent.id })
  return intent
}

/** Tries a card on an open session; the session is complete when it was good. */
export function paySession(world: World, session: Session, card: Card): Stripe.PaymentIntent {
  const intent = attempt(world, intentOf(world, session), card, session.success_url)
  if (intent.status === 'succeeded') completeSession(world, session, intent.id)
  return intent
}

const authenticating = testCards.find(({ outcome }) => outcome.kind === 'authenticates')

/** The payer's bank has answered. */
export function authenticate(world: World, intent: Stripe.PaymentIntent, isProven: boolean): void {
  if (intent.status !== 'requires_action' || !authenticating) return
  if (!isProven) return void failAuthentication(world, intent)
  succeed(world, intent, authenticating)
  const [session] = world.store.all('checkout.session', { payment_intent: intent.id })
  if (session?.status === 'open') completeSession(world, session, intent.id)
}
