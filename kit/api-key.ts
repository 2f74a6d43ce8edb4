import { createHash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { isUuid } from './id.ts'

/**
 * `plx_<id>_<secret><checksum>` in hexadecimal: 32, 64 and 8 characters. The prefix is what scanners
 * for leaked secrets look for; the checksum tells a typing error from a guess without any database.
 */
const form = /^plx_([0-9a-f]{32})_([0-9a-f]{64})([0-9a-f]{8})$/

/** What a key is by its looks: nothing is proven before its hash is compared. */
export type ApiKeyText = { readonly id: string; readonly hash: Buffer }

/** True for what claims to be a key, also a broken one. */
export const looksLikeApiKey = (text: string): boolean => text.startsWith('plx_')

/** A new key for this id, with 256 random bits. Only its hash may be kept. */
export function newApiKey(id: string): { text: string; hash: Buffer } {
  if (!isUuid(id)) throw new Error('A key belongs to a uuid.')
  const body = `plx_${id.replaceAll('-', '')}_${randomBytes(32).toString('hex')}`
  const text = body + checksumOf(body)
  return { text, hash: apiKeyHash(text) }
}

/** Null for a text of another form, and for one that was mistyped. */
export function apiKeyFrom(text: string): ApiKeyText | null {
  const [, digits = '', , checksum = ''] = form.exec(text) ?? []
  if (!digits || checksumOf(text.slice(0, -checksum.length)) !== checksum) return null
  return { id: uuidFrom(digits), hash: apiKeyHash(text) }
}

/** A fast hash: 256 random bits cannot be guessed back. It covers the id too. */
const apiKeyHash = (text: string): Buffer => createHash('sha256').update(text).digest()

const checksumOf = (body: string) => crc32(body).toString(16).padStart(8, '0')

const uuidFrom = (digits: string) =>
  digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
