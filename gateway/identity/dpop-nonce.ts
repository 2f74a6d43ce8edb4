import { createHmac, hkdfSync } from 'node:crypto'
import type { Nonces } from './dpop.ts'

const turnMs = 120_000
const keyBytes = 32

/**
 * Nonces that every instance knows without asking another one: each is good for two to four minutes.
 * Source: RFC 9449 section 9.
 */
export function createNonces(secret: Uint8Array, now: () => Date): Nonces {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'plexus dpop nonce', keyBytes))
  const nonceOf = (turn: number) =>
    createHmac('sha256', key).update(String(turn)).digest('base64url')
  const turn = () => Math.floor(now().getTime() / turnMs)
  return {
    current: () => nonceOf(turn()),
    isCurrent: (nonce) => nonce === nonceOf(turn()) || nonce === nonceOf(turn() - 1),
  }
}
