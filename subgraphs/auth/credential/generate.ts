import { randomFillSync } from 'node:crypto'

const classes = {
  lower: 'abcdefghijklmnopqrstuvwxyz',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  digit: '0123456789',
  // Signs that a keyboard of any country has and that no shell, form or URL takes for something else.
  sign: '!#$%*+-.:=?@^_~',
} as const
/** The four kinds of characters; each is in every generated password. */
export const characterClasses: readonly string[] = Object.values(classes)
const alphabet = characterClasses.join('')

export const generatedLength = { preset: 24, min: 16, max: 128 } as const

const pool = new Uint8Array(4_096)
let used = pool.length

function nextByte(): number {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const byte = pool[used] ?? 0
  pool[used] = 0
  used += 1
  return byte
}

/** Bytes from here on would make the first characters likelier than the rest. */
const fairBytes = 256 - (256 % alphabet.length)

function character(): string {
  const byte = nextByte()
  return byte < fairBytes ? (alphabet[byte % alphabet.length] ?? '') : character()
}

const hasEveryClass = (text: string) =>
  characterClasses.every((signs) => [...signs].some((sign) => text.includes(sign)))

/** Every password of this length that has all four classes is equally likely. */
export function generatedPassword(length: number): string {
  let text = ''
  do {
    text = Array.from({ length }, character).join('')
  } while (!hasEveryClass(text))
  return text
}

/** Of each set of classes: how many characters it has, and how many classes. */
const subsets = Array.from({ length: 2 ** characterClasses.length }, (_, mask) => {
  const members = characterClasses.filter((_, index) => mask & (1 << index))
  return { size: members.join('').length, count: members.length }
})

/**
 * The exact entropy of a generated password: the logarithm of how many of this length have all four
 * classes, by inclusion and exclusion; rounded down to a tenth.
 */
export function generatedEntropyBits(length: number): number {
  const share = subsets.reduce((sum, { size, count }) => {
    const sign = (characterClasses.length - count) % 2 === 0 ? 1 : -1
    return sum + sign * (size / alphabet.length) ** length
  }, 0)
  return Math.floor((length * Math.log2(alphabet.length) + Math.log2(share)) * 10) / 10
}
