import { expect, test } from 'bun:test'
import { bookingStatuses, mayBecome } from '../booking/rules.ts'
import { paidVerdict } from './rules.ts'

const start = new Date('2027-06-07T09:00:00Z')
const at = (ms: number) => new Date(start.getTime() + ms)

test.each([
  ['HELD', -1, 'CONFIRM'],
  ['HELD', 1, 'CONFIRM'],
  ['EXPIRED', -1, 'SEAT_AGAIN'],
  ['EXPIRED', 0, 'UNSEAT'],
  ['CONFIRMED', -1, 'KEEP'],
  ['CANCELLED_BY_COACH', -1, 'UNSEAT'],
  ['CANCELLED_BY_CLIENT', -1, 'UNSEAT'],
] as const)('a payment for %s, %d ms from the start: %s', (status, ms, verdict) => {
  expect(paidVerdict({ status, startsAt: start }, at(ms))).toBe(verdict)
})

test('only what may become confirmed is confirmed by a payment', () => {
  for (const status of bookingStatuses) {
    const verdict = paidVerdict({ status, startsAt: start }, at(-1))
    if (verdict === 'CONFIRM' || verdict === 'SEAT_AGAIN') {
      expect(mayBecome(status, 'CONFIRMED')).toBe(true)
    }
  }
})
