import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { generatedLength, generatedPassword } from './generate.ts'
import { lengthProblem, passwordPolicy, strengthOf, wordsOf } from './strength.ts'

const problemsOf = async (password: string, known: readonly string[] = []) =>
  (await strengthOf(password, known)).problems

describe('a password', () => {
  test.each([
    ['eleven characters', 'gtk wov xqz', ['TOO_SHORT']],
    ['twelve characters', 'gtk wov xqzb', []],
    ['128 characters', 'correct horse battery staple '.repeat(5).slice(0, 128), []],
    ['129 characters', 'correct horse battery staple '.repeat(5).slice(0, 129), ['TOO_LONG']],
    ['twelve emoji, which are 24 code units', '🌱🌿🍀🌾🌵🌲🌳🌴🌻🌼🌸🌺', []],
    ['words with accents and spaces', 'été où naît l’âme', []],
    ['four words', 'four unrelated warm words', []],
    ['one character again and again', 'aaaaaaaaaaaaaaaa', ['GUESSABLE']],
    ['a pattern of three', 'abcabcabcabcabc', ['GUESSABLE']],
    ['a well-known word twice', 'passwordPASSWORD', ['COMMON']],
    ['a well-known word disguised', 'P4$$w0rd1234', ['COMMON']],
    ['a French one', 'motdepasse123', ['COMMON']],
    ['a row of the keyboard', 'azertyuiop12', ['GUESSABLE']],
    ['a date', '14-07-1789-2027', ['GUESSABLE']],
    ['digits alone', '839204719382', ['GUESSABLE']],
    ['a well-known word and a number', 'Password123456789', ['COMMON']],
    ['a long one that repeats', 'azertyuiop'.repeat(12), ['GUESSABLE']],
  ] as const)('%s: %p has %p', async (_, password, problems) => {
    expect(await problemsOf(password)).toEqual([...problems])
  })

  test('of one’s own name or address is refused to that person only', async () => {
    const marguerite = wordsOf({ email: 'm.duras@example.org', displayName: 'Marguerite Duras' })
    expect(await problemsOf('margueriteduras', marguerite)).toEqual(['PERSONAL'])
    expect(await problemsOf('m.duras@example.org', marguerite)).toEqual(['PERSONAL'])
    expect(await problemsOf('marguerite rame en avril', marguerite)).toEqual([])
  })

  test('outside the policy’s lengths is never accepted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (password) => {
        const length = [...password.normalize('NFKC')].length
        const inside = length >= passwordPolicy.minLength && length <= passwordPolicy.maxLength
        return inside === (lengthProblem(password) === null)
      }),
    )
  })

  test('that we generate is always strong enough', async () => {
    for (let count = 0; count < 20; count += 1) {
      expect(await problemsOf(generatedPassword(generatedLength.min))).toEqual([])
    }
  })

  test('made to be slow to judge does not hold the event loop', async () => {
    await strengthOf('warm up', [])
    for (const part of ['a1!', '4$P@', '4@8({[</\\369&#!1/|0$5+7%2/4', '1l|!7+$5']) {
      const before = process.cpuUsage().user
      await strengthOf(part.repeat(128).slice(0, 128), [])
      expect(process.cpuUsage().user - before).toBeLessThan(300_000)
    }
  })
})
