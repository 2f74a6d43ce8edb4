import { expect, test } from 'bun:test'
import { decimalFrom, minorFrom } from './amount.ts'

test.each([
  ['60', 'EUR', 6_000],
  ['60.5', 'EUR', 6_050],
  ['60,50', 'EUR', 6_050],
  ['1 234,05', 'EUR', 123_405],
  ['0.29', 'EUR', 29],
  ['500', 'JPY', 500],
])('%s %s is %d minor units', (text, currency, minor) => {
  expect(minorFrom(text, currency)).toBe(minor)
})

test.each(['', '-5', '1.234', 'ten', '1,2,3', '1e3', '12345678901'])('%p is no amount', (text) => {
  expect(minorFrom(text, 'EUR')).toBeNull()
})

test('a currency without cents has none', () => {
  expect(minorFrom('500.5', 'JPY')).toBeNull()
  expect(decimalFrom({ amount: 500, currency: 'JPY' }, 'en')).toBe('500')
})

test('an amount is shown as it can be typed', () => {
  const amounts = [0, 1, 99, 100, 6_050, 123_456_789]
  for (const tag of ['en-GB', 'fr-FR'])
    for (const amount of amounts)
      expect(minorFrom(decimalFrom({ amount, currency: 'EUR' }, tag), 'EUR')).toBe(amount)
})
