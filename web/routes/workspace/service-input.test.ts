import { expect, test } from 'bun:test'
import { minorUnits } from './service-input.ts'

test.each([
  ['60', 2, 6_000],
  ['60,50', 2, 6_050],
  ['19.99', 2, 1_999],
  [' 1 200 ', 2, 120_000],
  ['1200', 0, 1_200],
  ['0', 2, 0],
  // Free is said, not left out; and nobody means a thousandth, but perhaps a thousand.
  ['', 2, null],
  ['12,345', 2, null],
  ['1.234,50', 2, null],
  ['1,5', 0, null],
  ['-5', 2, null],
  ['sixty', 2, null],
  ['1e999', 2, null],
])('a price written as %p with %d digits is %p', (text, digits, amount) => {
  expect(minorUnits(text, digits)).toBe(amount)
})
