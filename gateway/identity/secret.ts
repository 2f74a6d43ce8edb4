import { createHash, randomBytes } from 'node:crypto'

const form = /^[A-Za-z0-9_-]{43}$/

/** 256 random bits as 43 characters: what a browser holds. The database keeps only `hashOf` it. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/** Sorts out what cannot be ours before anybody is asked about it. */
export const isSecret = (value: string | null): value is string =>
  value !== null && form.test(value)

export const hashOf = (value: string): Buffer => createHash('sha256').update(value).digest()
