import { dictionary } from './dictionary.ts'

/** What a new password must be. Lengths count Unicode code points, entropy is an attacker's best guess. */
export const passwordPolicy = {
  minLength: 12,
  maxLength: 128,
  minEntropyBits: 33,
  refusesGuessable: true,
} as const

export const passwordProblems = [
  'TOO_SHORT',
  'TOO_LONG',
  'COMMON',
  'PERSONAL',
  'GUESSABLE',
  'BREACHED',
  'UNCHANGED',
] as const
export type PasswordProblem = (typeof passwordProblems)[number]

export type Strength = {
  /** Empty for a password that may be used. */
  readonly problems: readonly PasswordProblem[]
  /** The logarithm of how many guesses a good attacker needs, rounded down to a tenth. */
  readonly entropyBits: number
}

/** What a person reads of each problem. */
export const problemText: Readonly<Record<PasswordProblem, string>> = {
  TOO_SHORT: `Choose a password of at least ${passwordPolicy.minLength} characters.`,
  TOO_LONG: `Choose a password of at most ${passwordPolicy.maxLength} characters.`,
  COMMON:
    'This password is one of the first that are tried. Choose, for example, four unrelated words.',
  PERSONAL:
    'This password has your own name or address in it. Choose, for example, four unrelated words.',
  GUESSABLE: 'This password is too easy to guess. Choose, for example, four unrelated words.',
  BREACHED: 'This password is in a list of stolen ones. Choose another one.',
  UNCHANGED: 'This is the password that you have. Choose another one.',
}

/** The same password typed on another keyboard has the same code points. Source: NIST SP 800-63B-4, 3.1.1.2. */
export const normalized = (password: string) => password.normalize('NFKC')

/** Null for a length within the policy. */
export function lengthProblem(password: string): PasswordProblem | null {
  const length = [...normalized(password)].length
  if (length < passwordPolicy.minLength) return 'TOO_SHORT'
  return length > passwordPolicy.maxLength ? 'TOO_LONG' : null
}

const floorToTenth = (bits: number) => Math.floor(bits * 10) / 10

/** Words of somebody's name and address, as an attacker tries them first. */
export const wordsOf = ({ email, displayName }: { email: string; displayName: string }) =>
  [email, ...email.split(/[@.+_-]/), displayName, ...displayName.split(/\s+/)].filter(
    (word) => word.length >= 3,
  )

/**
 * How well a password stands against guessing. `known` are words an attacker tries first. The
 * dictionaries are loaded with the first password (some 80 MB).
 */
export async function strengthOf(password: string, known: readonly string[]): Promise<Strength> {
  const wrongLength = lengthProblem(password)
  if (wrongLength === 'TOO_LONG') return { problems: [wrongLength], entropyBits: 0 }
  const guess = await dictionary()
  const { bits, reason } = guess(normalized(password), known)
  const weak = bits < passwordPolicy.minEntropyBits ? [reason] : []
  return {
    problems: [...(wrongLength ? [wrongLength] : []), ...weak],
    entropyBits: floorToTenth(bits),
  }
}
