import {
  createHash,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  type SignKeyObjectInput,
  sign,
} from 'node:crypto'
import { calculateJwkThumbprint, type JWK } from 'jose'

/** Claims or header members of any kind; an undefined one is left out. */
export type Bent = Record<string, unknown>

export type Pair = { readonly privateKey: KeyObject; readonly jwk: JWK; readonly kid: string }

/** A pair that a test may write anything with. */
export function newPair(kid: string, curve = 'P-256'): Pair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: curve })
  const jwk = publicKey.export({ format: 'jwk' })
  return { privateKey, kid, jwk: { ...jwk, kty: 'EC' } }
}

export const encoded = (part: unknown): string =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url')

/** A token of any text, signed by whichever key. */
export function signed(header: Bent | string, payload: unknown, key: KeyObject): string {
  const text = `${encoded(header)}.${encoded(payload)}`
  const how: SignKeyObjectInput = { key, dsaEncoding: 'ieee-p1363' }
  const digest = digestFor(key)
  return `${text}.${sign(digest, Buffer.from(text), how).toString('base64url')}`
}

const digestFor = ({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject) => {
  if (asymmetricKeyType === 'ed25519') return null
  return asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'sha384' : 'sha256'
}

export const seconds = () => Math.floor(Date.now() / 1_000)

type Proof = {
  readonly pair: Pair
  readonly token: string
  readonly address: string
  readonly method?: string
  readonly header?: Bent
  readonly claims?: Bent
  /** Signs in the place of the pair. */
  readonly key?: KeyObject
}

/** A DPoP proof, good unless something in it is bent. Source: RFC 9449 section 4.2. */
export function proofOf(proof: Proof): string {
  const { pair, token, address, method = 'POST', header, claims, key = pair.privateKey } = proof
  const ath = createHash('sha256').update(token).digest('base64url')
  return signed(
    { typ: 'dpop+jwt', alg: 'ES256', jwk: pair.jwk, ...header },
    { ...{ jti: randomUUID(), htm: method, htu: address, iat: seconds(), ath }, ...claims },
    key,
  )
}

export const thumbprintOf = ({ jwk }: Pair) => calculateJwkThumbprint(jwk)
