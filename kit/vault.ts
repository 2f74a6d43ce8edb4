import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

export type VaultKey = { readonly id: string; readonly key: Uint8Array }

export type Vault = {
  /**
   * Only a row with the same `owner` can open it again: a sealed text cannot be moved to another
   * session.
   */
  seal(text: string, owner: string): Buffer
  /** Null when the key is gone, or the bytes were altered or belong to another owner. */
  open(sealed: Uint8Array, owner: string): string | null
}

export type KeyedVault = Vault & {
  /**
   * A vault whose keys are those of the ring and this secret together: whoever has the rows and the
   * ring, and not the secret, opens nothing. The secret must be random and long.
   */
  completedBy(secret: string): Vault
}

const algorithm = 'aes-256-gcm'
const keyBytes = 32
const ivBytes = 12
const tagBytes = 16

/**
 * AES-256-GCM under a ring of keys; the first seals and every one opens, so a key is rotated by
 * putting a new one in front. Layout: 1 byte length of the key id, key id, 12 bytes IV, 16 bytes
 * tag, ciphertext.
 */
export function createVault(ring: readonly VaultKey[]): KeyedVault {
  return {
    ...vaultOf(ring, (key) => key),
    completedBy: (secret) => vaultOf(ring, (key) => completed(key, secret)),
  }
}

/** Source: RFC 5869; the secret is the salt of the extraction, so neither half says anything alone. */
const completed = (key: Uint8Array, secret: string) =>
  new Uint8Array(hkdfSync('sha256', key, secret, 'plexus vault', keyBytes))

type KeyFrom = (key: Uint8Array) => Uint8Array

function vaultOf(ring: readonly VaultKey[], keyFrom: KeyFrom): Vault {
  const [current] = ring
  if (!current) throw new Error('A vault needs a key.')
  const keys = new Map(ring.map(({ id, key }) => [id, key]))
  return {
    seal: (text, owner) => {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv(algorithm, keyFrom(current.key), iv).setAAD(Buffer.from(owner))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      const id = Buffer.from(current.id)
      return Buffer.concat([Buffer.of(id.length), id, iv, cipher.getAuthTag(), body])
    },
    open: (sealed, owner) => {
      const bytes = Buffer.from(sealed)
      const ivAt = 1 + (bytes[0] ?? 0)
      const tagAt = ivAt + ivBytes
      const key = keys.get(bytes.subarray(1, ivAt).toString())
      if (!key || bytes.length < tagAt + tagBytes) return null
      try {
        const decipher = createDecipheriv(algorithm, keyFrom(key), bytes.subarray(ivAt, tagAt))
          .setAAD(Buffer.from(owner))
          .setAuthTag(bytes.subarray(tagAt, tagAt + tagBytes))
        const body = bytes.subarray(tagAt + tagBytes)
        return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
      } catch {
        // The tag does not match.
        return null
      }
    },
  }
}
