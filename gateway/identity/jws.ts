import { z } from 'zod'
import type { Guard } from './guards.ts'

/** A JSON Web Signature in its three parts, read and not yet believed. */
export type Jws = {
  readonly header: JwsHeader
  /** What the payload says, of any shape. */
  readonly claims: unknown
  /** What the signature is over. */
  readonly signed: string
  readonly signature: Buffer
}

const Header = z.looseObject({
  alg: z.string(),
  typ: z.string().optional(),
  kid: z.string().optional(),
})
export type JwsHeader = z.infer<typeof Header>

/** The token itself is at fault: nobody could ever accept it. */
export class BadToken extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'BadToken'
  }
}

type InForce = (guard: Guard) => boolean

/** A key that the token brings along, or says where to fetch. Source: RFC 8725 section 3.10. */
const keySources = ['jwk', 'jku', 'x5u', 'x5c'] as const
const kidForm = /^(?!.*\.\.)[\w.~+=:@/-]{1,256}$/

/**
 * Reads a token strictly: one spelling for each content, no member twice, no header that changes
 * what the others mean. Throws BadToken.
 */
export function jwsFrom(token: string, inForce: InForce): Jws {
  const [head = '', body = '', tail = '', ...more] = token.split('.')
  if (!head || !body || more.length > 0) throw new BadToken('It does not have three parts.')
  const header = headerFrom(jsonFrom(head, inForce))
  checkHeader(header, inForce)
  return {
    header,
    claims: jsonFrom(body, inForce),
    signed: `${head}.${body}`,
    signature: bytesFrom(tail, inForce),
  }
}

function headerFrom(value: unknown): JwsHeader {
  const { data } = Header.safeParse(value)
  if (!data) throw new BadToken('Its header is none.')
  return data
}

function checkHeader(header: JwsHeader, inForce: InForce): void {
  if (inForce('token-key-id') && header.kid !== undefined && !kidForm.test(header.kid))
    throw new BadToken('Its key id has no usable form.')
  // No extension is understood here, and `b64` would change what is signed. Source: RFC 7797.
  if (inForce('token-critical') && ('crit' in header || 'b64' in header))
    throw new BadToken('It needs an extension.')
}

/** Throws BadToken for a token that wants to be checked by a key of its own. */
export function refuseKeySources(header: JwsHeader): void {
  if (keySources.some((name) => name in header)) throw new BadToken('It brings a key of its own.')
}

/** Whole groups of four, and at the end no bits that mean nothing. Source: RFC 4648, 3.5. */
const canonical = /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/

/** The bytes of a part; a second spelling of the same bytes is refused. Source: RFC 7515, 2. */
function bytesFrom(part: string, inForce: InForce): Buffer {
  if (inForce('token-encoding') && !canonical.test(part))
    throw new BadToken('A part of it is not written in base64url.')
  return Buffer.from(part, 'base64url')
}

function jsonFrom(part: string, inForce: InForce): unknown {
  const text = bytesFrom(part, inForce).toString()
  const value = parsed(text)
  if (inForce('token-duplicates') && namesWrittenIn(text) !== namesReadFrom(value))
    throw new BadToken('It says something twice.')
  return value
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new BadToken('A part of it is not JSON.', { cause })
  }
}

const [quote, backslash, colon] = [34, 92, 58]

/** How many names of members the text has: in JSON a colon outside of a string follows nothing else. */
function namesWrittenIn(text: string): number {
  let count = 0
  let isInside = false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === quote) isInside = !isInside
    else if (isInside && code === backslash) at += 1
    else if (!isInside && code === colon) count += 1
  }
  return count
}

/** How many of them are left once it was read: of two that are equal only the last one is. */
function namesReadFrom(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const members = Object.values(value)
  const own = Array.isArray(value) ? 0 : members.length
  return members.reduce((total: number, member) => total + namesReadFrom(member), own)
}
