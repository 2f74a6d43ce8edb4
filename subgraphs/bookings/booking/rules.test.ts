import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import {
  bookingStatuses,
  canCancelUntil,
  cancelVerdict,
  canRescheduleUntil,
  mayBecome,
  moveVerdict,
  referenceFrom,
  statusAt,
} from './rules.ts'

const start = Date.parse('2027-06-07T09:00:00Z')
const at = (hours: number) => new Date(start + hours * 3_600_000)
const booking = {
  status: 'CONFIRMED' as const,
  holdExpiresAt: null,
  startsAt: at(0),
  endsAt: at(1),
  cancelNoticeMinutes: 24 * 60,
}

describe('statusAt', () => {
  test.each([
    ['a moment before its end a hold is a hold', -0.001, 'HELD'],
    ['at its end it is over', 0, 'EXPIRED'],
    ['and stays over', 1, 'EXPIRED'],
  ])('%s', (_, hours, expected) => {
    const status = statusAt({ status: 'HELD', holdExpiresAt: at(0) }, at(hours))
    expect(status).toBe(expected as 'HELD')
  })

  test('only a hold expires', () => {
    for (const status of bookingStatuses.filter((it) => it !== 'HELD')) {
      expect(statusAt({ status, holdExpiresAt: at(-1) }, at(0))).toBe(status)
    }
  })
})

describe('cancelVerdict', () => {
  test.each([
    ['client', -24.001, { kind: 'CANCEL', status: 'CANCELLED_BY_CLIENT' }],
    ['client', -24, { kind: 'CANCEL', status: 'CANCELLED_BY_CLIENT' }],
    ['client', -23.999, { kind: 'TOO_LATE', deadline: at(-24) }],
    ['coach', -0.1, { kind: 'CANCEL', status: 'CANCELLED_BY_COACH' }],
    ['coach', 0.9, { kind: 'CANCEL', status: 'CANCELLED_BY_COACH' }],
    ['coach', 1, { kind: 'CONFLICT' }],
    ['client', 1, { kind: 'CONFLICT' }],
  ] as const)('the %s at %d hours from the start', (by, hours, expected) => {
    expect(cancelVerdict(booking, by, at(hours))).toMatchObject(expected)
  })

  test('a hold is released and not cancelled; what has ended stays as it is', () => {
    for (const by of ['client', 'coach'] as const) {
      for (const status of ['HELD', 'EXPIRED', 'CANCELLED_BY_COACH', 'COMPLETED'] as const) {
        const verdict = cancelVerdict({ ...booking, status, holdExpiresAt: at(9) }, by, at(-99))
        expect(verdict.kind).toBe('CONFLICT')
      }
    }
  })

  test('says yes to a client exactly until the deadline that the booking shows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -100, max: 3 }),
        fc.constantFrom(...bookingStatuses),
        (hours, status) => {
          const it = { ...booking, status, holdExpiresAt: at(-50) }
          const shown = canCancelUntil(it, at(hours)) !== null
          return shown === (cancelVerdict(it, 'client', at(hours)).kind === 'CANCEL')
        },
      ),
    )
  })
})

describe('moveVerdict', () => {
  test.each([
    [0, -24, 'MOVE'],
    [2, -24, 'MOVE'],
    [3, -24, 'OUT_OF_MOVES'],
    [0, -23.999, 'TOO_LATE'],
    [3, -23.999, 'TOO_LATE'],
    [0, 1, 'CONFLICT'],
  ] as const)('after %d moves, at %d hours from the start: %s', (reschedules, hours, kind) => {
    expect(moveVerdict({ ...booking, reschedules }, at(hours)).kind).toBe(kind)
  })

  test('says yes exactly until the instant that the booking shows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -100, max: 3 }),
        fc.nat(4),
        fc.constantFrom(...bookingStatuses),
        (hours, reschedules, status) => {
          const it = { ...booking, reschedules, status, holdExpiresAt: at(-50) }
          const shown = canRescheduleUntil(it, at(hours)) !== null
          return shown === (moveVerdict(it, at(hours)).kind === 'MOVE')
        },
      ),
    )
  })
})

test('nothing leads out of an end state', () => {
  for (const end of ['COMPLETED', 'CANCELLED_BY_CLIENT', 'CANCELLED_BY_COACH'] as const) {
    expect(bookingStatuses.some((status) => mayBecome(end, status))).toBe(false)
  }
})

test('a reference has eight characters that cannot be taken for each other', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (bytes) =>
      /^[0-9A-HJKMNP-TV-Z]{8}$/.test(referenceFrom(bytes)),
    ),
  )
})
