import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import type { VaultKey } from '#kit/vault'

export type Challenge = {
  readonly challenge: string
  /** How many leading zero bits the hash of a proof has. */
  readonly difficulty: number
  readonly expiresAt: Date
}

export type ProofOfWork = {
  /** Nothing is kept of it: its own signature says that it is ours. */
  newChallenge(): Challenge
  /** The proof's hash and end, by which it is spent; null for one that proves nothing (any more). */
  provenBy(proof: string): { hash: Buffer; expiresAt: Date } | null
}

const lifetimeSeconds = 600
const proofLengthMax = 200
const form = /^((\d{1,12})\.(\d{1,2})\.[\w-]{22})\.([\w-]{43})$/

/** Keys of their own, so that nothing signed here opens anything else. */
const derived = ({ key }: VaultKey) =>
  Buffer.from(hkdfSync('sha256', key, '', 'plexus proof of work', 32))

const leadingZeroBits = (hash: Buffer): number => {
  const at = hash.findIndex((byte) => byte !== 0)
  return at < 0 ? hash.length * 8 : at * 8 + Math.clz32(hash[at] ?? 0) - 24
}

type Options = {
  readonly keys: readonly VaultKey[]
  readonly difficulty: number
  readonly now: () => Date
}

/**
 * Work that a robot has to do for each request. A proof is `<challenge>:<counter>` whose SHA-256
 * begins with as many zero bits as the challenge asks for. The first key signs, every one verifies.
 */
export function createProofOfWork({ keys, difficulty, now }: Options): ProofOfWork {
  const ring = keys.map(derived)
  const signed = (text: string, key: Buffer) =>
    createHmac('sha256', key).update(text).digest('base64url')
  const isOurs = (text: string, signature: string) =>
    ring.some((key) => timingSafeEqual(Buffer.from(signed(text, key)), Buffer.from(signature)))
  return {
    newChallenge: () => {
      const ends = Math.floor(now().getTime() / 1_000) + lifetimeSeconds
      const text = `${ends}.${difficulty}.${randomBytes(16).toString('base64url')}`
      const [first] = ring
      if (!first) throw new Error('Proof of work needs a key.')
      const challenge = `${text}.${signed(text, first)}`
      return { challenge, difficulty, expiresAt: new Date(ends * 1_000) }
    },
    provenBy: (proof) => {
      if (proof.length > proofLengthMax) return null
      const [challenge = '', counter = ''] = proof.split(':')
      const [, text, ends, asked, signature] = form.exec(challenge) ?? []
      if (!text || !signature || !/^\d{1,16}$/.test(counter)) return null
      const expiresAt = new Date(Number(ends) * 1_000)
      if (expiresAt <= now() || !isOurs(text, signature)) return null
      const work = createHash('sha256').update(`${challenge}:${counter}`).digest()
      // Raised meanwhile: what was asked for then still counts until it ends.
      if (leadingZeroBits(work) < Number(asked)) return null
      // By the challenge and not by the counter: one challenge has many.
      return { hash: createHash('sha256').update(challenge).digest(), expiresAt }
    },
  }
}
