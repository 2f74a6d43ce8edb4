import { normalized } from '../credential/strength.ts'
import type { BreachLookup } from './lookup.ts'

/** Knows the passwords that it is given. */
export const fakeBreachLookup = (stolen: Readonly<Record<string, number>>): BreachLookup => ({
  timesSeen: async (password) => stolen[normalized(password)] ?? 0,
})
