import { expect, test } from 'bun:test'
import { adviceFor, type SecurityState } from './advice.ts'

const safe: SecurityState = {
  totpEnabled: true,
  recoveryCodesLeft: 10,
  emailVerified: true,
  passkeys: [],
}
const advised = (change: Partial<SecurityState>) =>
  adviceFor({ ...safe, ...change }).map(({ hash }) => hash)

test('an account with all that makes it safe gets no advice', () => {
  expect(advised({})).toEqual([])
})

test.each([
  ['no second factor', { totpEnabled: false, recoveryCodesLeft: 0 }, ['two-step']],
  ['a passkey counts as one', { totpEnabled: false, passkeys: [{ id: 'one' }] }, []],
  ['few recovery codes', { recoveryCodesLeft: 2 }, ['recovery']],
  ['an address that is not verified', { emailVerified: false }, ['email']],
] as const)('%s', (_, change, hashes) => {
  expect(
    advised({ ...change, passkeys: [...('passkeys' in change ? change.passkeys : [])] }),
  ).toEqual([...hashes])
})
