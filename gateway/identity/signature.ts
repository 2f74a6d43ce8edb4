import { constants, createPublicKey, KeyObject, verify } from 'node:crypto'
import type { CryptoKey, JWK } from 'jose'
import { BadToken, type Jws } from './jws.ts'

/**
 * Signatures by a key pair only: with HS256 a public key would pass for the secret. Source: RFC
 * 8725 section 3.1.
 */
export const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const
export type Algorithm = (typeof algorithms)[number]

export const isAlgorithm = (name: string): name is Algorithm =>
  algorithms.some((algorithm) => algorithm === name)

const rsaBitsMin = 2_048

type Row = {
  readonly fits: (key: KeyObject) => boolean
  readonly digest: 'sha256' | null
  readonly options: Omit<Parameters<typeof verify>[2] & object, 'key'>
}

const isRsa = ({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject) =>
  asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= rsaBitsMin

const isP256 = ({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject) =>
  asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1'

/** Which key an algorithm takes, and how it is checked. Source: RFC 7518, RFC 8037. */
const rows: Record<Algorithm, Row> = {
  RS256: { fits: isRsa, digest: 'sha256', options: { padding: constants.RSA_PKCS1_PADDING } },
  PS256: {
    fits: isRsa,
    digest: 'sha256',
    options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
  },
  ES256: { fits: isP256, digest: 'sha256', options: { dsaEncoding: 'ieee-p1363' } },
  EdDSA: {
    fits: ({ asymmetricKeyType }) => asymmetricKeyType === 'ed25519',
    digest: null,
    options: {},
  },
}

/**
 * True when `key` made the signature, by the algorithm that the token names and for which that key
 * is. Done on this thread: handing it to another one costs as much again.
 */
export function isSignedBy({ header, signed, signature }: Jws, key: KeyObject): boolean {
  if (!isAlgorithm(header.alg)) return false
  const { fits, digest, options } = rows[header.alg]
  if (key.type !== 'public' || !fits(key)) return false
  return verify(digest, Buffer.from(signed), { ...options, key }, signature)
}

const keyObjects = new WeakMap<CryptoKey, KeyObject>()

/** The same key, as `isSignedBy` takes it. */
export function keyObjectOf(key: CryptoKey): KeyObject {
  const known = keyObjects.get(key) ?? KeyObject.from(key)
  keyObjects.set(key, known)
  return known
}

/** A public key out of a token. Throws BadToken for what is none. */
export function publicKeyFrom(jwk: JWK): KeyObject {
  try {
    return createPublicKey({ key: { ...jwk }, format: 'jwk' })
  } catch (cause) {
    throw new BadToken('Its key is none.', { cause })
  }
}
