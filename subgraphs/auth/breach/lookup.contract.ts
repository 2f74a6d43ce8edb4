import { describe, expect, test } from 'bun:test'
import type { BreachLookup } from './lookup.ts'

/** What the lookup under test must know to have been stolen. */
export const stolen = { 'correct horse battery staple': 3, 'été à la plage': 1 } as const

/** What every breach lookup promises. */
export function breachLookupContract(name: string, lookup: () => BreachLookup): void {
  describe(`breach lookup ${name}`, () => {
    test('a stolen password was seen as often as the list says', async () => {
      expect(await lookup().timesSeen('correct horse battery staple')).toBe(3)
    })

    test('a password is the same however its accents are typed', async () => {
      expect(await lookup().timesSeen('été à la plage'.normalize('NFD'))).toBe(1)
    })

    test('any other password was never seen', async () => {
      expect(await lookup().timesSeen('correct horse battery stapler')).toBe(0)
    })
  })
}
