import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { accountDraftFrom, lockSeconds, passwordFault, passwordPolicy } from './rules.ts'

describe('a password', () => {
  test.each([
    ['eleven characters', 'abcdefghij1', false],
    ['twelve characters', 'gtk wov xqzb', true],
    ['128 characters', 'correct horse battery staple '.repeat(5).slice(0, 128), true],
    ['129 characters', 'correct horse battery staple '.repeat(5).slice(0, 129), false],
    ['twelve emoji, which are 24 code units', '🌱🌿🍀🌾🌵🌲🌳🌴🌻🌼🌸🌺', true],
    ['words with accents and spaces', 'été où naît l’âme', true],
    ['one character again and again', 'aaaaaaaaaaaaaaaa', false],
    ['a pattern of three', 'abcabcabcabcabc', false],
    ['a well-known word twice', 'passwordPASSWORD', false],
    ['a French one', 'motdepasse123', false],
    ['a row of the keyboard', 'azertyuiop12', false],
    ['digits alone', '839204719382', false],
    ['a well-known word and a number', 'Password123456789', false],
  ])('%s: %p', (_, password, mayBeUsed) => {
    expect(passwordFault(password, []) === null).toBe(mayBeUsed)
  })

  test('of one’s own name or e-mail is refused to that person only', () => {
    expect(passwordFault('marguerite1987!', ['Marguerite'])).not.toBeNull()
    expect(passwordFault('marguerite1987!', [])).toBeNull()
    expect(passwordFault('marguerite en avril', ['Marguerite'])).toBeNull()
  })

  test('outside the policy’s lengths is never accepted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (password) => {
        const length = [...password.normalize('NFKC')].length
        const inside = length >= passwordPolicy.minLength && length <= passwordPolicy.maxLength
        return inside || passwordFault(password, []) !== null
      }),
    )
  })
})

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
