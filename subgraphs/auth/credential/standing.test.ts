import { expect, test } from 'bun:test'
import { expiryOf, standingOf } from './standing.ts'

const at = new Date('2027-01-04T09:00:00Z')
const daysAgo = (days: number) => new Date(at.getTime() - days * 86_400_000)
const account = {
  passwordChangedAt: daysAgo(90),
  credentialExpiresAt: null,
  emailVerifiedAt: daysAgo(100),
}

test.each([
  ['never, with the policy off', {}, 0, 'open'],
  ['the day before its age', {}, 91, 'open'],
  ['at its age', {}, 90, 'expired'],
  ['at an end of its own, whatever the policy', { credentialExpiresAt: at }, 0, 'expired'],
  ['at the earlier of both', { credentialExpiresAt: daysAgo(-5) }, 90, 'expired'],
  ['later than both is too late', { credentialExpiresAt: daysAgo(1) }, 365, 'expired'],
  ['not before its address is proven', { emailVerifiedAt: null }, 90, 'unverified'],
] as const)('a password has to be renewed %s', (_, change, maxAgeDays, standing) => {
  expect(standingOf({ ...account, ...change }, { maxAgeDays, at })).toBe(standing)
})

test('a new password starts its age anew', () => {
  expect(expiryOf({ ...account, passwordChangedAt: at }, 30)).toEqual(daysAgo(-30))
  expect(expiryOf(account, 0)).toBeNull()
})
