import { createHmac, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { JWK } from 'jose'
import { z } from 'zod'
import type { Verify } from '../../../identity/bearer.ts'
import type { Jws, JwsHeader } from '../../../identity/jws.ts'

const Embedded = z.object({
  jwk: z.looseObject({ kty: z.string() }).optional(),
  jku: z.string().optional(),
  x5u: z.string().optional(),
  x5c: z.array(z.string()).optional(),
})

const publicKey = (jwk: JWK): KeyObject => createPublicKey({ key: { ...jwk }, format: 'jwk' })
const fromText = (text: string): KeyObject => createPublicKey(text)
const fromDer = (text: string): KeyObject =>
  createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })

/** The folder that a library keeps its keys in, and a table of them: a name is all that it takes. */
const folder = '/var/lib/plexus/keys'
const selected = /' union select '([^']+)/i

/** The key that a token asks for, from wherever it asks. */
async function keyAskedFor(header: JwsHeader): Promise<KeyObject | null> {
  const { jwk, jku, x5u, x5c } = Embedded.parse(header)
  if (jwk) return publicKey(jwk)
  if (jku) {
    const set: { keys: JWK[] } = await (await fetch(jku)).json()
    return set.keys[0] ? publicKey(set.keys[0]) : null
  }
  if (x5u) return fromText(await (await fetch(x5u)).text())
  if (x5c?.[0]) return fromDer(x5c[0])
  const [, injected] = selected.exec(header.kid ?? '') ?? []
  if (injected) return fromDer(injected)
  return header.kid?.includes('..')
    ? fromText(await readFile(resolve(folder, header.kid), 'utf8'))
    : null
}

/** What a public key is called that is taken for a shared one. */
const spellings = (jwk: JWK): string[] => {
  const key = publicKey(jwk)
  const pem = String(key.export({ type: 'spki', format: 'pem' }))
  return [pem, pem.trim(), JSON.stringify(jwk)]
}

const isHmac = ({ signed, signature }: Jws, secret: string) =>
  createHmac('sha256', secret).update(signed).digest().equals(signature)

const isEcdsa = ({ header, signed, signature }: Jws, key: KeyObject) =>
  verify(
    header.alg === 'ES384' ? 'sha384' : 'sha256',
    Buffer.from(signed),
    { key, dsaEncoding: 'ieee-p1363' },
    signature,
  )

/**
 * A library with the faults that were found in real ones: it believes whatever a header says of the
 * algorithm and of the key, and takes a signature of nothing but zeros for good.
 */
export const naive =
  (published: readonly JWK[]): Verify =>
  async (jws, keys) => {
    const { header, signature } = jws
    // CVE-2015-9235: the token says that it needs no signature. CVE-2020-28042: it has none.
    if (header.alg.toLowerCase() === 'none' || signature.length === 0) return true
    // CVE-2016-5431: the public key is the secret.
    if (header.alg === 'HS256')
      return published.flatMap(spellings).some((secret) => isHmac(jws, secret))
    // CVE-2022-21449.
    if (signature.every((byte) => byte === 0)) return true
    // CVE-2018-0114, and kid as a path or as SQL.
    const asked = await keyAskedFor(header)
    if (asked) return isEcdsa(jws, asked)
    const known = published.find(({ kid }) => kid === header.kid)
    if (known) return isEcdsa(jws, publicKey(known))
    await keys(header)
    return false
  }
