import { expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { sha256, zeroBits } from './sha256.ts'

const hex = (words: Int32Array): string =>
  [...words].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')

test('gives the hash that everybody else gives, at every length around the edges of its blocks', () => {
  for (let length = 0; length < 200; length += 1) {
    const message = Uint8Array.from({ length }, (_, place) => (place * 37 + length) & 255)
    expect(hex(sha256(message))).toBe(createHash('sha256').update(message).digest('hex'))
  }
})

test.each([
  [[0x80000000, 0, 0], 0],
  [[1, 0, 0], 31],
  [[0, 0x00ffffff, 0], 40],
  [[0, 0, 0], 96],
])('%p begins with %d zero bits', (words, bits) => {
  expect(zeroBits(Int32Array.from(words))).toBe(bits)
})
