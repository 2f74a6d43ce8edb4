import type { Money } from '#kit/money'
import { type UserError, userError } from '#kit/user-error'

/** What the payment provider charges at least; less than this is free or nothing. */
const leastOf: Readonly<Record<string, number>> = { EUR: 50, USD: 50, GBP: 30, CHF: 50, CAD: 50 }

/** The provider takes eight digits. */
export const amountMax = 99_999_999

/** What is wrong with a price; null for one that can be charged, and for 0, which is free. */
export function priceFault({ amount, currency }: Money): UserError<'ValidationError'> | null {
  const least = Object.hasOwn(leastOf, currency) ? leastOf[currency] : undefined
  if (least === undefined) {
    const known = Object.keys(leastOf).join(', ')
    return userError('ValidationError', `The currency is one of ${known}.`, ['currency'])
  }
  if (amount === 0 || (amount >= least && amount <= amountMax)) return null
  return userError('ValidationError', `A price is 0, or from ${least} to ${amountMax}.`, ['amount'])
}

export const isFree = ({ amount }: Money) => amount === 0
