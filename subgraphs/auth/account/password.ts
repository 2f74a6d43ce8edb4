import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { normalized } from '../credential/strength.ts'

// Source: OWASP Password Storage Cheat Sheet. 19 MiB and two passes; Argon2id is the library's default.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** A PHC string. Runs on the thread pool, not on the event loop. */
export const hashPassword = (password: string): Promise<string> => hash(normalized(password), cost)

/** True for a hash that came from elsewhere, and that a sign-in replaces by one of ours. */
export const isLegacy = (passwordHash: string): boolean => /^\$2[aby]\$/.test(passwordHash)

/** Whoever made such a hash read no further. Source: bcrypt, Provos and Mazières, 1999. */
const bcryptBytes = 72

/** As it was typed: nobody normalized it when the hash was made. Runs off the event loop. */
const legacyMatches = (passwordHash: string, password: string) =>
  Bun.password.verify(Buffer.from(password).subarray(0, bcryptBytes), passwordHash)

let nobody: Promise<string> | null = null
const nobodysHash = () => {
  nobody ??= hash(randomBytes(32), cost)
  return nobody
}

const nobodysLegacy = new Map<number, Promise<string>>()
function nobodysLegacyHash(rounds: number): Promise<string> {
  const known = nobodysLegacy.get(rounds)
  if (known) return known
  const made = Bun.password.hash(randomBytes(32), { algorithm: 'bcrypt', cost: rounds })
  nobodysLegacy.set(rounds, made)
  return made
}

/**
 * False for a null hash too, after the same work: the time tells nothing about whether an account
 * exists. `legacyRounds` is the cost of bcrypt hashes while any account has one; then everybody's
 * password is held against one of both kinds.
 */
export async function passwordMatches(
  passwordHash: string | null,
  password: string,
  legacyRounds: number | null = null,
): Promise<boolean> {
  const legacy = passwordHash !== null && isLegacy(passwordHash)
  const own = legacy ? null : passwordHash
  const matches = await verify(own ?? (await nobodysHash()), normalized(password))
  if (legacyRounds === null && !legacy) return matches && own !== null
  const held = legacy ? passwordHash : await nobodysLegacyHash(legacyRounds ?? 10)
  const legacyHeld = await legacyMatches(held, password)
  return legacy ? legacyHeld : matches && own !== null
}
