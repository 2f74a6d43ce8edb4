import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { createSlotTokens } from './token.ts'

const secret = 'a-secret-of-thirty-two-bytes-or-more'
const tokens = createSlotTokens({ secret, lifetimeMs: 60_000 })
const now = new Date('2027-01-04T09:00:00Z')
const offer = {
  serviceId: '0197f7a0-0000-7000-8000-000000000001',
  startsAt: new Date('2027-01-05T09:00:00Z'),
  termsVersion: 3,
}

test('a token gives back what was offered, until it expires', () => {
  const token = tokens.sign(offer, now)
  const expiresAt = new Date(now.getTime() + 60_000)
  expect(tokens.read(token, now)).toEqual({ ...offer, expiresAt })
  expect(tokens.read(token, new Date(expiresAt.getTime() - 1))).not.toBeNull()
  expect(tokens.read(token, expiresAt)).toBeNull()
})

test('a token with one character changed, anywhere, is nothing', () => {
  const token = tokens.sign(offer, now)
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.constantFrom(...'AbZ09-_.='), (at, character) => {
      const forged = token.slice(0, at) + character + token.slice(at + 1)
      fc.pre(forged !== token)
      return tokens.read(forged, now) === null
    }),
  )
})

test('a token of another secret, or with the claims of one and the signature of another, is nothing', () => {
  const other = createSlotTokens({ secret: `${secret}!`, lifetimeMs: 60_000 })
  expect(tokens.read(other.sign(offer, now), now)).toBeNull()
  const [body] = tokens.sign({ ...offer, termsVersion: 4 }, now).split('.')
  const [, mac] = tokens.sign(offer, now).split('.')
  expect(tokens.read(`${body}.${mac}`, now)).toBeNull()
})

test.each(['', '.', 'a.b', 'a.b.c', 'x'.repeat(10_000)])('%p is no token', (text) => {
  expect(tokens.read(text, now)).toBeNull()
})
