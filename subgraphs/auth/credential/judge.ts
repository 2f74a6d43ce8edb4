import type { UserError } from '#kit/user-error'
import type { BreachLookup } from '../breach/lookup.ts'
import { type PasswordProblem, problemText, type Strength, strengthOf } from './strength.ts'

export type WeakPassword = UserError<'WeakPasswordError'> & Strength

type Candidate = {
  readonly password: string
  /** What an attacker tries first: the name, the address. */
  readonly known: readonly string[]
  /** True for the password that the account has. */
  readonly isCurrent?: boolean
}

const weakPassword = (
  { problems, entropyBits }: Strength,
  path: readonly string[],
): WeakPassword => ({
  __typename: 'WeakPasswordError',
  code: 'WEAK_PASSWORD',
  message: problems.map((problem) => problemText[problem]).join(' '),
  path,
  problems,
  entropyBits,
})

/** Null for a password that may be used; `path` is where in the input it stands. */
export async function weaknessOf(
  breach: BreachLookup,
  { password, known, isCurrent = false }: Candidate,
  path: readonly string[],
): Promise<WeakPassword | null> {
  const { problems, entropyBits } = await strengthOf(password, known)
  const found: PasswordProblem[] = [...problems]
  if (isCurrent) found.push('UNCHANGED')
  // Nobody is asked about a password that is refused anyway.
  if (found.length === 0 && (await breach.timesSeen(password)) > 0) found.push('BREACHED')
  return found.length > 0 ? weakPassword({ problems: found, entropyBits }, path) : null
}
