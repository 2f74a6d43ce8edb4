import { expect, test } from 'bun:test'
import { adviceFor, type SecurityState } from './advice.ts'

const nowMs = Date.parse('2026-11-21T12:00:00Z')
const safe: SecurityState = {
  totpEnabled: true,
  recoveryCodesLeft: 10,
  passwordExpiresAt: null,
  emailVerified: true,
  passkeys: [],
}
const advised = (change: Partial<SecurityState>) =>
  adviceFor({ ...safe, ...change }, nowMs).map(({ hash }) => hash)

test('an account with all that makes it safe gets no advice', () => {
  expect(advised({})).toEqual([])
})

test.each([
  ['no second factor', { totpEnabled: false, recoveryCodesLeft: 0 }, ['two-step']],
  ['a passkey counts as one', { totpEnabled: false, passkeys: [{ id: 'one' }] }, []],
  ['few recovery codes', { recoveryCodesLeft: 2 }, ['recovery']],
  ['a password that ends soon', { passwordExpiresAt: '2026-12-01T00:00:00Z' }, ['password']],
  ['a password that ends later', { passwordExpiresAt: '2027-02-01T00:00:00Z' }, []],
  ['an address that is not verified', { emailVerified: false }, ['email']],
] as const)('%s', (_, change, hashes) => {
  expect(
    advised({ ...change, passkeys: [...('passkeys' in change ? change.passkeys : [])] }),
  ).toEqual([...hashes])
})
