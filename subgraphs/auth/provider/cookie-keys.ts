import { createHmac, timingSafeEqual } from 'node:crypto'

const same = (one: string, other: string) =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))

/**
 * Signs the provider's cookies with HMAC-SHA-256 (the library's own signer still uses SHA-1). The first
 * key signs; every key verifies, so a key is changed by putting a new one in front.
 */
export function cookieSigner(keys: readonly string[]) {
  const signed = (text: string, key: string) =>
    createHmac('sha256', key).update(text).digest('base64url')
  const index = (text: string, signature: string) =>
    keys.findIndex((key) => same(signed(text, key), signature))
  return {
    sign: (text: string) => signed(text, keys[0] ?? ''),
    /** Which key made the signature; -1 for none. */
    index,
    verify: (text: string, signature: string) => index(text, signature) >= 0,
  }
}
