import { expect, test } from 'bun:test'
import { newRecoveryCodes, recoveryCodeFrom, recoveryHashOf } from './rules.ts'

test('there are ten codes of 80 bits, none like another', () => {
  const codes = newRecoveryCodes()
  expect(codes).toHaveLength(10)
  for (const code of codes)
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/)
  expect(new Set([...codes, ...newRecoveryCodes()])).toHaveProperty('size', 20)
})

test('every symbol comes up about equally often', () => {
  const counts = new Map<string, number>()
  for (let round = 0; round < 200; round += 1) {
    for (const symbol of newRecoveryCodes().join('').replaceAll('-', '')) {
      counts.set(symbol, (counts.get(symbol) ?? 0) + 1)
    }
  }
  // 32,000 symbols, 1,000 expected of each: six deviations are about 190.
  expect(counts.size).toBe(32)
  for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(190)
})

test.each([
  ['ABCD-EFGH-JKMN-0123', 'ABCDEFGHJKMN0123'],
  [' abcd efgh jkmn 0123 ', 'ABCDEFGHJKMN0123'],
  ['abcdefghjkmnOiL3', 'ABCDEFGHJKMN0113'],
  ['ABCD-EFGH-JKMN-012', null],
  ['ABCD-EFGH-JKMN-012U', null],
  ['123456', null],
  ['A'.repeat(65), null],
  ['', null],
])('a code is read as it was printed: %p', (text, code) => {
  expect(recoveryCodeFrom(text)).toBe(code)
})

test('two people with the same code have different hashes', () => {
  expect(recoveryHashOf('a', 'ABCDEFGHJKMN0123')).not.toEqual(
    recoveryHashOf('b', 'ABCDEFGHJKMN0123'),
  )
})
