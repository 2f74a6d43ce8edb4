import { z } from 'zod'
import { keyRing, milliseconds, secureUrl } from '#kit/config'

/** What somebody who runs the system decides about accounts. */
export const accountEnv = {
  // Seals the tokens of letters on their way to `users`, which has the same keys.
  LETTER_KEYS: keyRing,
  // Each bit doubles the work: 18 are about a second in a browser.
  PROOF_OF_WORK_BITS: z.coerce.number('must be a number').int().min(0).max(26).default(18),
  // Off: passwords that have to be renewed get worse (NIST SP 800-63B-4, 3.1.1.2).
  CREDENTIAL_MAX_AGE_DAYS: z.coerce.number('must be a number').int().min(0).max(3_650).default(0),
  // Answers with the range API of "Have I Been Pwned"; without it nobody is asked.
  BREACH_LOOKUP_URL: secureUrl.optional(),
  BREACH_LOOKUP_TIMEOUT_MS: milliseconds(1_000),
}

type AccountEnv = z.output<z.ZodObject<typeof accountEnv>>

/** The same by the names that the code uses. */
export const accountSettings = (env: AccountEnv) => ({
  letterKeys: env.LETTER_KEYS,
  proofOfWorkBits: env.PROOF_OF_WORK_BITS,
  maxAgeDays: env.CREDENTIAL_MAX_AGE_DAYS,
  breach: env.BREACH_LOOKUP_URL
    ? { url: env.BREACH_LOOKUP_URL, timeoutMs: env.BREACH_LOOKUP_TIMEOUT_MS }
    : null,
})

export type AccountSettings = ReturnType<typeof accountSettings>
