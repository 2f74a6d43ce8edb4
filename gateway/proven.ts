import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'

/** What of the two texts a build proves: that one answers the other. */
export type Proof = { readonly supergraph: string; readonly operations: string }

/** SHA-256, in hex. */
export const proofOf = ({ supergraph, operations }: Proof): string =>
  createHash('sha256').update(`${supergraph.length}:${supergraph}${operations}`).digest('hex')

/**
 * Whether these two texts, to the last byte, are those that the build of this release held against each other and noted
 * in that file. False without a file: then they are held against each other at start.
 */
export const isProven = async (file: string, texts: Proof): Promise<boolean> =>
  (await readFile(file, 'utf8').catch(() => '')).trim() === proofOf(texts)
