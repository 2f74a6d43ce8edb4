import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { addedUp, noDurations, placeOf, quantileOf } from '../durations.ts'

function counted(durations: readonly number[]) {
  const counts = noDurations()
  for (const ms of durations) counts[placeOf(ms)] = (counts[placeOf(ms)] ?? 0) + 1
  return counts
}

test('a quantile is never too little, and at most half too much', () => {
  const durations = fc.array(fc.double({ min: 0.25, max: 20_000, noNaN: true }), { minLength: 1 })
  fc.assert(
    fc.property(durations, fc.constantFrom(0.5, 0.95, 1), (all, share) => {
      const exact = all.toSorted((a, b) => a - b)[Math.ceil(all.length * share) - 1] ?? 0
      const told = quantileOf(counted(all), share) ?? 0
      expect(told).toBeGreaterThanOrEqual(exact)
      expect(told).toBeLessThanOrEqual(exact * 1.5)
    }),
  )
})

test('what two have counted adds up to what one would have', () => {
  const all = [0, 1, 10, 100, 1_000, 10_000, 100_000]
  const parts = addedUp(counted(all.slice(0, 3)), counted(all.slice(3)))
  expect(parts).toEqual(counted(all))
})

test('nothing has no quantile, and what never ends is told as the longest that is counted', () => {
  expect(quantileOf(noDurations(), 0.95)).toBeNull()
  expect(quantileOf(counted([1e9]), 0.95)).toBeCloseTo(31_961, -2)
})
