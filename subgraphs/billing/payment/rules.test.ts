import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import {
  checkoutFault,
  isPaid,
  leftOf,
  describe as line,
  paymentStatuses,
  statusAfter,
} from './rules.ts'

const open = { state: 'OPEN', isPaid: false, failureCode: null } as const
const complete = { ...open, state: 'COMPLETE' } as const
const expired = { ...open, state: 'EXPIRED' } as const
const bounced = { ...complete, failureCode: 'account_closed' } as const
const looks = [
  open,
  complete,
  expired,
  bounced,
  { ...open, failureCode: 'declined' },
  { ...complete, isPaid: true },
]

describe('statusAfter', () => {
  test.each([
    ['REQUIRES_ACTION', open, 'REQUIRES_ACTION'],
    ['REQUIRES_ACTION', expired, 'CANCELLED'],
    ['REQUIRES_ACTION', complete, 'PROCESSING'],
    ['PROCESSING', bounced, 'FAILED'],
    ['PROCESSING', { ...complete, isPaid: true }, 'SUCCEEDED'],
    ['CANCELLED', { ...complete, isPaid: true }, 'SUCCEEDED'],
    ['FAILED', { ...complete, isPaid: true }, 'SUCCEEDED'],
    ['PARTIALLY_REFUNDED', { ...complete, isPaid: true }, 'PARTIALLY_REFUNDED'],
    ['CANCELLED', open, 'CANCELLED'],
  ] as const)('%s that is seen as %j is %s', (before, seen, after) => {
    expect(statusAfter(before, seen)).toBe(after)
  })

  test('the same looks in any order end alike once money has come', () => {
    const paid = { ...complete, isPaid: true }
    fc.assert(
      fc.property(fc.shuffledSubarray([...looks, paid], { minLength: 1 }), (seen) => {
        const end = [...seen, paid].reduce<(typeof paymentStatuses)[number]>(
          statusAfter,
          'REQUIRES_ACTION',
        )
        return end === 'SUCCEEDED'
      }),
    )
  })

  test('nothing takes money back that has come', () => {
    fc.assert(
      fc.property(fc.constantFrom(...paymentStatuses), fc.constantFrom(...looks), (status, seen) =>
        isPaid(status) ? statusAfter(status, seen) === status : true,
      ),
    )
  })
})

const now = new Date('2027-06-07T06:00:00Z')
const later = new Date(now.getTime() + 1)

test.each([
  [{ state: 'HELD', holdExpiresAt: later, amount: 1 }, null],
  [{ state: 'HELD', holdExpiresAt: now, amount: 1 }, 'The hold has ended. Choose a time again.'],
  [
    { state: 'EXPIRED', holdExpiresAt: later, amount: 1 },
    'The hold has ended. Choose a time again.',
  ],
  [{ state: 'HELD', holdExpiresAt: later, amount: 99_999_999 }, null],
  [
    { state: 'HELD', holdExpiresAt: later, amount: 100_000_000 },
    'This is more than can be paid at once. Hold fewer seats.',
  ],
  [{ state: 'HELD', holdExpiresAt: later, amount: null }, 'The booking is free: confirm it.'],
  [{ state: 'CONFIRMED', holdExpiresAt: now, amount: 1 }, 'The booking is confirmed already.'],
  [{ state: 'CANCELLED', holdExpiresAt: later, amount: 1 }, 'The booking is cancelled.'],
] as const)('to start paying for %j: %p', (reservation, expected) => {
  expect(checkoutFault(reservation, now)).toBe(expected)
})

test('what is left is what came, less what went and what is on its way', () => {
  expect(leftOf({ amount: 100, refunded: 30, refundPending: 20 })).toBe(50)
})

test.each([
  [{ fr: 'Souffle', en: 'Breath' }, 'en', 'Breath'],
  [{ fr: 'Souffle' }, 'en', 'Souffle'],
  [{}, 'fr', 'Séance'],
  [{ fr: 'x'.repeat(300) }, 'fr', 'x'.repeat(200)],
] as const)('%j in %s is described as %s', (name, locale, expected) => {
  expect(line(name, locale)).toBe(expected)
})
