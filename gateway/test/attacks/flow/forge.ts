import { type JWTPayload, SignJWT } from 'jose'
import { clientSecret } from '../../provider.ts'
import { encoded, newPair, signed } from '../tokens/forge.ts'

type Forge = (claims: JWTPayload, typ: string) => Promise<string>

const stranger = newPair('evil-1')

/** A token under the provider's key id, signed by a key that is not the provider's. */
export const byAnotherKey: Forge = async (claims, typ) =>
  signed({ alg: 'ES256', kid: stranger.kid, typ }, claims, stranger.privateKey)

export const byNobody: Forge = async (claims, typ) =>
  `${encoded({ alg: 'none', typ })}.${encoded(claims)}.`

export const bySecret: Forge = (claims, typ) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ }).sign(Buffer.from(clientSecret))
