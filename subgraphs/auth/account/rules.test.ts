import { expect, test } from 'bun:test'
import { accountDraftFrom, lockSeconds } from './rules.ts'

test('a lock never gets shorter with another failure', () => {
  const sorted = [...lockSeconds].sort((one, other) => one - other)
  expect([...lockSeconds]).toEqual(sorted)
  expect(lockSeconds.slice(0, 4)).toEqual([0, 0, 0, 0])
})

test('blanks around a name and an e-mail go, and a role counts once', () => {
  const draft = accountDraftFrom({
    email: ' lea@example.org ',
    displayName: ' Léa ',
    password: 'four unrelated warm words',
    locale: null,
    roles: ['COACH', 'COACH'],
  })
  expect(draft).toEqual({
    email: 'lea@example.org',
    displayName: 'Léa',
    password: 'four unrelated warm words',
    locale: 'fr',
    roles: ['COACH'],
  })
})
