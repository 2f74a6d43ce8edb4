import { expect, test } from 'bun:test'
import { apiKeyFrom, looksLikeApiKey, newApiKey } from '#kit/api-key'

const id = '01890000-0000-7000-8000-00000000000a'

test('a key tells its id and its hash, and never the same twice', () => {
  const [one, other] = [newApiKey(id), newApiKey(id)]
  expect(one.text).toMatch(/^plx_[0-9a-f]{32}_[0-9a-f]{72}$/)
  expect(apiKeyFrom(one.text)).toEqual({ id, hash: one.hash })
  expect(one.hash).toHaveLength(32)
  expect(other.hash.equals(one.hash)).toBe(false)
})

test('one wrong character anywhere is told without a database', () => {
  const { text } = newApiKey(id)
  for (let at = 4; at < text.length; at += 1) {
    const wrong = `${text.slice(0, at)}${text[at] === '0' ? '1' : '0'}${text.slice(at + 1)}`
    expect(apiKeyFrom(wrong)).toBeNull()
    expect(looksLikeApiKey(wrong)).toBe(true)
  }
})

test.each(['', 'plx_', 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln', `plx_${'0'.repeat(32)}_${'0'.repeat(72)}`])(
  '%p is no key',
  (text) => {
    expect(apiKeyFrom(text)).toBeNull()
  },
)

test('there is no key without the id of a row', () => {
  expect(() => newApiKey('somebody')).toThrow()
})
