import { createHash } from 'node:crypto'
import type { Challenge } from '../proof-of-work/proof.ts'

const bitsOf = (text: string) =>
  [...createHash('sha256').update(text).digest()]
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('')

/** The work that a challenge asks for, as a client does it. */
export function solved({ challenge, difficulty }: Pick<Challenge, 'challenge' | 'difficulty'>) {
  for (let counter = 0; ; counter += 1) {
    const proof = `${challenge}:${counter}`
    if (bitsOf(proof).indexOf('1') >= difficulty) return proof
  }
}
