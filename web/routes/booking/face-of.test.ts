import { expect, test } from 'bun:test'
import { faceOf, isAwaited } from './face-of.ts'

const of = (status: Parameters<typeof faceOf>[0]['status'], payment: string | null) => ({
  status,
  // The cases below name statuses of the schema.
  payment: payment ? ({ status: payment } as Parameters<typeof faceOf>[0]['payment']) : null,
})

test.each([
  ['HELD', null, 1_000, 'held'],
  ['HELD', 'REQUIRES_ACTION', 1_000, 'held'],
  ['HELD', 'FAILED', 1_000, 'held'],
  ['HELD', null, 0, 'expired'],
  ['HELD', 'SUCCEEDED', 0, 'confirming'],
  ['HELD', 'PROCESSING', 1_000, 'confirming'],
  ['CONFIRMED', 'SUCCEEDED', 0, 'confirmed'],
  ['CONFIRMED', null, 0, 'confirmed'],
  ['EXPIRED', 'CANCELLED', 0, 'expired'],
  ['EXPIRED', 'SUCCEEDED', 0, 'unseated'],
  ['EXPIRED', 'REFUNDED', 0, 'unseated'],
  ['CANCELLED_BY_CLIENT', 'REFUNDED', 0, 'cancelled'],
  ['NO_SHOW', 'SUCCEEDED', 0, 'confirmed'],
] as const)('%s with payment %p and %d ms left shows as %s', (status, payment, ms, face) => {
  expect(faceOf(of(status, payment), ms)).toBe(face)
})

test.each([
  ['HELD', 'REQUIRES_ACTION', true],
  ['EXPIRED', 'REQUIRES_ACTION', true],
  ['HELD', 'FAILED', false],
  ['EXPIRED', 'REFUNDED', false],
  ['CONFIRMED', 'SUCCEEDED', false],
] as const)('after paying, %s with payment %s is awaited: %p', (status, payment, awaited) => {
  expect(isAwaited(of(status, payment))).toBe(awaited)
})
