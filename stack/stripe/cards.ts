type Decline = {
  readonly code: string
  readonly declineCode: string | null
  readonly message: string
}

/** What a card does when it is charged, or when the money goes back. */
export type CardOutcome =
  | { readonly kind: 'succeeds' }
  | { readonly kind: 'authenticates' }
  | { readonly kind: 'declines'; readonly decline: Decline }

export type Card = {
  readonly number: string
  /** Stripe's name of the test payment method with this card. */
  readonly paymentMethod: string
  readonly brand: 'visa' | 'mastercard'
  readonly outcome: CardOutcome
  /** Null: money goes back at once. */
  readonly refund: 'pending-then-succeeded' | 'succeeded-then-failed' | null
}

const declined = (declineCode: string, message: string): CardOutcome => ({
  kind: 'declines',
  decline: { code: 'card_declined', declineCode, message },
})
const succeeds: CardOutcome = { kind: 'succeeds' }

/** The numbers that Stripe documents for tests; https://docs.stripe.com/testing */
export const testCards: readonly Card[] = [
  card('4242424242424242', 'pm_card_visa', succeeds),
  card('4000000000000002', 'pm_card_visa_chargeDeclined', generic()),
  card('4000002500003155', 'pm_card_authenticationRequired', { kind: 'authenticates' }),
  card(
    '4000000000009995',
    'pm_card_visa_chargeDeclinedInsufficientFunds',
    declined('insufficient_funds', 'Your card has insufficient funds.'),
  ),
  {
    ...card('4000000000007726', 'pm_card_pendingRefund', succeeds),
    refund: 'pending-then-succeeded',
  },
  { ...card('4000000000005126', 'pm_card_refundFail', succeeds), refund: 'succeeded-then-failed' },
]

function generic(): CardOutcome {
  return declined('generic_decline', 'Your card was declined.')
}

function card(number: string, paymentMethod: string, outcome: CardOutcome): Card {
  return { number, paymentMethod, brand: 'visa', outcome, refund: null }
}

/** The checksum that ends every card number; ISO/IEC 7812-1. */
function isCardNumber(digits: string): boolean {
  if (!/^\d{12,19}$/.test(digits)) return false
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum % 10 === 0
}

/** A card for what somebody typed; null when it is no card number. A real card is declined: nothing here takes money. */
export function cardFrom(typed: string): Card | null {
  const number = typed.replace(/[\s-]/g, '')
  const known = testCards.find((one) => one.number === number)
  if (known) return known
  if (!isCardNumber(number)) return null
  const outcome = declined(
    'test_mode_live_card',
    'Your card was declined. Your request was in test mode, but used a non test card.',
  )
  return card(number, 'none', outcome)
}

/** Null for a payment method that there is not. */
export const cardOfMethod = (paymentMethod: string): Card | null =>
  testCards.find((one) => one.paymentMethod === paymentMethod) ?? null
