import { createHash, randomBytes } from 'node:crypto'

/** Crockford's alphabet: no letter looks like a digit. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const symbols = 16
const group = /.{4}(?=.)/g
const lookalikes: Record<string, string> = { O: '0', I: '1', L: '1' }

export const recoveryCodeCount = 10

/** 80 random bits in four groups: one symbol a byte, of which five bits are kept without bias. */
const newCode = () =>
  [...randomBytes(symbols)]
    .map((byte) => alphabet[byte & 31])
    .join('')
    .replace(group, '$&-')

/** Ten codes, shown once. */
export const newRecoveryCodes = (): string[] => Array.from({ length: recoveryCodeCount }, newCode)

/** As it was printed: blanks, dashes and case do not matter, nor does an O for a zero. Null for anything else. */
export function recoveryCodeFrom(text: string): string | null {
  if (text.length > 64) return null
  const plain = text
    .toUpperCase()
    .replace(/[\s-]/g, '')
    .replace(/[OIL]/g, (letter) => lookalikes[letter] ?? letter)
  return plain.length === symbols && [...plain].every((symbol) => alphabet.includes(symbol))
    ? plain
    : null
}

/** What is kept of a code; another person's equal code has another hash. Takes what `recoveryCodeFrom` gives. */
export const recoveryHashOf = (personId: string, code: string): Buffer =>
  createHash('sha256').update(`${personId} ${code}`).digest()
