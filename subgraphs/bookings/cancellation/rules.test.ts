import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import {
  type CancellationPolicy,
  type RefundStep,
  refundOf,
  stepsOf,
  stepsOfMoved,
} from './rules.ts'

const start = Date.parse('2027-06-07T09:00:00Z')
const before = (minutes: number) => new Date(start - minutes * 60_000)
const moment = 1 / 60_000

const usual: CancellationPolicy = {
  cancelNoticeMinutes: 0,
  refundSteps: [
    [1440, 100],
    [0, 50],
  ],
}
const booking = (amount: number, policy = usual) => ({
  ...policy,
  startsAt: new Date(start),
  kept: amount > 0 ? { amount, currency: 'EUR' } : null,
})

describe('the usual policy', () => {
  test.each([
    [10_000, 'client', 'a week before', 7 * 1440, 100, 10_000, before(1440)],
    [10_000, 'client', 'a day before', 1440, 100, 10_000, before(1440)],
    [10_000, 'client', 'a moment later', 1440 - moment, 50, 5_000, null],
    [10_000, 'client', 'at the start', 0, 50, 5_000, null],
    [9_999, 'client', 'an odd amount, rounded down', 60, 50, 4_999, null],
    [10_000, 'coach', 'in the last moment', moment, 100, 10_000, null],
    [10_000, 'coach', 'during the session', -30, 100, 10_000, null],
  ] as const)('%d by the %s, %s', (amount, by, _, minutes, percent, back, until) => {
    expect(refundOf(booking(amount), by, before(minutes))).toEqual({
      percent,
      amount: { amount: back, currency: 'EUR' },
      until,
    })
  })

  test.each([
    ['nothing was paid', 0, 'client', 7 * 1440],
    ['nothing was paid, by the coach', 0, 'coach', 7 * 1440],
    ['the session has begun', 10_000, 'client', -moment],
    ['a share of a cent', 1, 'client', 60],
  ] as const)('gives nothing when %s', (_, amount, by, minutes) => {
    expect(refundOf(booking(amount), by, before(minutes))).toBeNull()
  })
})

describe('the steps that can be reached', () => {
  test.each<[string, number, RefundStep[], RefundStep[]]>([
    [
      'end with the notice',
      120,
      [
        [1440, 100],
        [0, 50],
      ],
      [
        [1440, 100],
        [120, 50],
      ],
    ],
    [
      'leave out what is later than it',
      1440,
      [
        [1440, 100],
        [0, 50],
      ],
      [[1440, 100]],
    ],
    [
      'are one when the notice is longer than all',
      2880,
      [
        [1440, 100],
        [0, 50],
      ],
      [[2880, 100]],
    ],
    [
      'say that the rest gives nothing',
      60,
      [[1440, 100]],
      [
        [1440, 100],
        [60, 0],
      ],
    ],
    [
      'are in order, however they were written',
      0,
      [
        [0, 10],
        [60, 20],
      ],
      [
        [60, 20],
        [0, 10],
      ],
    ],
    [
      'never rise for waiting',
      0,
      [
        [60, 20],
        [0, 90],
      ],
      [
        [60, 20],
        [0, 20],
      ],
    ],
    ['are none but nothing without any', 30, [], [[30, 0]]],
  ])('%s', (_, cancelNoticeMinutes, refundSteps, expected) => {
    expect(stepsOf({ cancelNoticeMinutes, refundSteps })).toEqual(expected)
  })
})

describe('whatever the policy, the price and the moment', () => {
  const step = fc.tuple(fc.integer({ min: 0, max: 43_200 }), fc.integer({ min: 0, max: 100 }))
  const policy = fc.record({
    cancelNoticeMinutes: fc.integer({ min: 0, max: 43_200 }),
    refundSteps: fc.array(step, { maxLength: 6 }),
  })
  const amount = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
  const minutes = fc.integer({ min: -1_000, max: 50_000 })
  const backOf = (paid: number, terms: CancellationPolicy, at: number) =>
    refundOf(booking(paid, terms), 'client', before(at))?.amount.amount ?? 0

  test('a refund is never negative and never more than was paid', () => {
    fc.assert(
      fc.property(policy, amount, minutes, (terms, paid, at) => {
        const back = backOf(paid, terms, at)
        return back >= 0 && back <= paid && Number.isSafeInteger(back)
      }),
    )
  })

  test('waiting never gives more back', () => {
    fc.assert(
      fc.property(policy, amount, minutes, fc.nat(5_000), (terms, paid, at, later) => {
        return backOf(paid, terms, at - later) <= backOf(paid, terms, at)
      }),
    )
  })

  test('moving first, to whatever time, never gives more back', () => {
    fc.assert(
      fc.property(policy, amount, minutes, minutes, (terms, paid, at, then) => {
        const moved = { ...terms, refundSteps: stepsOfMoved(booking(paid, terms), before(at)) }
        return backOf(paid, moved, then) <= backOf(paid, terms, at)
      }),
    )
  })

  test('what is shown holds until the instant that is shown with it, and not a moment longer', () => {
    fc.assert(
      fc.property(policy, amount, minutes, (terms, paid, at) => {
        const shown = refundOf(booking(paid, terms), 'client', before(at))
        if (!shown?.until) return true
        const then = refundOf(booking(paid, terms), 'client', shown.until)
        const after = refundOf(booking(paid, terms), 'client', new Date(shown.until.getTime() + 1))
        return then?.percent === shown.percent && (after?.percent ?? 0) <= shown.percent
      }),
    )
  })

  test('a coach who cancels gives back everything', () => {
    fc.assert(
      fc.property(policy, fc.integer({ min: 1 }), minutes, (terms, paid, at) => {
        return refundOf(booking(paid, terms), 'coach', before(at))?.amount.amount === paid
      }),
    )
  })
})
