import { describe, expect, test } from 'bun:test'
import {
  characterClasses,
  generatedEntropyBits,
  generatedLength,
  generatedPassword,
} from './generate.ts'

const alphabet = characterClasses.join('')

/** The statistic of a chi-square test against equal shares. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

/** What a fair generator stays below except once in a hundred thousand runs. Source: Wilson and Hilferty, 1931. */
function bound(kinds: number): number {
  const free = kinds - 1
  const spread = 2 / (9 * free)
  return free * (1 - spread + 4.265 * Math.sqrt(spread)) ** 3
}

const countsIn = (texts: readonly string[], signs: string) => {
  const counts = new Map([...signs].map((sign) => [sign, 0]))
  for (const text of texts) {
    for (const sign of text) {
      const count = counts.get(sign)
      if (count !== undefined) counts.set(sign, count + 1)
    }
  }
  return [...counts.values()]
}

const samples = 100_000
const take = (draw: () => string) => Array.from({ length: samples }, draw)
const biased = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(generatedLength.preset))
  return [...bytes].map((byte) => alphabet[byte % alphabet.length]).join('')
}

describe('a generated password', () => {
  test('[MS-06] 100,000 of 24 characters have all four classes, no bias, and over 128 bits', () => {
    const texts = take(() => generatedPassword(generatedLength.preset))
    expect(new Set(texts).size).toBe(samples)
    for (const signs of characterClasses) {
      const expression = new RegExp(`[${RegExp.escape(signs)}]`)
      expect(texts.every((text) => text.length === 24 && expression.test(text))).toBe(true)
      expect(chiSquare(countsIn(texts, signs))).toBeLessThan(bound(signs.length))
    }
    // Nothing is put at a place of its own: each place has each class as often as the next one has.
    for (const signs of characterClasses) {
      const places = Array.from({ length: 24 }, (_, place) =>
        texts.reduce((sum, text) => sum + (signs.includes(text[place] ?? '') ? 1 : 0), 0),
      )
      expect(chiSquare(places)).toBeLessThan(bound(24))
    }
    expect(generatedEntropyBits(24)).toBeGreaterThan(128)
  })

  test('negative control: the remainder of a byte is a bias that the test sees', () => {
    const texts = take(biased)
    const worst = characterClasses.map(
      (signs) => chiSquare(countsIn(texts, signs)) / bound(signs.length),
    )
    expect(Math.max(...worst)).toBeGreaterThan(1)
  })

  test.each([16, 24, 128])('of %d characters has that many, and all four classes', (length) => {
    const text = generatedPassword(length)
    expect(text).toHaveLength(length)
    for (const signs of characterClasses) {
      expect([...signs].some((sign) => text.includes(sign))).toBe(true)
    }
  })

  test('its entropy counts exactly the passwords that can come out', () => {
    // Four characters, one of each class: 26 · 26 · 10 · 15 in 24 orders.
    const four = Math.log2(26 * 26 * 10 * (characterClasses[3]?.length ?? 0) * 24)
    expect(generatedEntropyBits(4)).toBeCloseTo(four, 0)
    expect(generatedEntropyBits(4)).toBeLessThanOrEqual(four)
    expect(generatedEntropyBits(16)).toBeLessThan(generatedEntropyBits(17))
  })
})
