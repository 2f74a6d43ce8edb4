import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'

// Source: OWASP Password Storage Cheat Sheet. 19 MiB and two passes; Argon2id is the library's default.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** The same password typed on another keyboard has the same code points. Source: NIST SP 800-63B-4, 3.1.1.2. */
const normalized = (password: string) => password.normalize('NFKC')

/** A PHC string. Runs on the thread pool, not on the event loop. */
export const hashPassword = (password: string): Promise<string> => hash(normalized(password), cost)

let nobody: Promise<string> | null = null
const nobodysHash = () => {
  nobody ??= hash(randomBytes(32), cost)
  return nobody
}

/** False for a null hash too, after the same work: the time tells nothing about whether an account exists. */
export async function passwordMatches(
  passwordHash: string | null,
  password: string,
): Promise<boolean> {
  const matches = await verify(passwordHash ?? (await nobodysHash()), normalized(password))
  return matches && passwordHash !== null
}
