import { describe, expect, test } from 'bun:test'
import { Secret } from 'otpauth'
import { matchingStep, newTotpSecret, otpauthUrlOf, stepAt, totpCodeFrom } from './rules.ts'

const secret = Secret.fromUTF8('12345678901234567890').base32
const at = (seconds: number) => new Date(seconds * 1_000)

describe('codes', () => {
  // Source: RFC 6238, appendix B, SHA1; the last six of the eight digits.
  test.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('of RFC 6238 at second %d is %s', (seconds, code) => {
    expect(matchingStep(secret, code, at(seconds))).toBe(Math.floor(seconds / 30))
    expect(matchingStep(newTotpSecret(), code, at(seconds))).toBeNull()
  })

  test('count one step before and one after their own, and no further', () => {
    const [seconds, code] = [1_111_111_109, '081804']
    const step = stepAt(at(seconds))
    const counted = [-60, -30, 0, 30, 60].map((off) =>
      matchingStep(secret, code, at(seconds + off)),
    )
    expect(counted).toEqual([null, step, step, step, null])
  })

  test.each([
    ['287082', '287082'],
    [' 287 082 ', '287082'],
    ['28708', null],
    ['2870820', null],
    ['28708a', null],
    ['２８７０８２', null],
    ['', null],
    [`${' '.repeat(60)}287082`, null],
  ])('are six digits: %p', (text, code) => {
    expect(totpCodeFrom(text)).toBe(code)
  })
})

test('a secret has 160 bits, and its address says what apps need', () => {
  const made = newTotpSecret()
  expect(Secret.fromBase32(made).bytes).toHaveLength(20)
  expect(newTotpSecret()).not.toBe(made)
  const url = new URL(otpauthUrlOf({ secret: made, email: 'ada+test@example.org' }))
  expect(url.protocol).toBe('otpauth:')
  expect(decodeURIComponent(url.pathname)).toContain('Plexus:ada+test@example.org')
  expect(Object.fromEntries(url.searchParams)).toEqual({
    issuer: 'Plexus',
    secret: made,
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  })
})
