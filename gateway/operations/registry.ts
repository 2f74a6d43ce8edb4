import { createHash } from 'node:crypto'
import { z } from 'zod'

const Operation = z.object({
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  name: z.string().min(1),
  kind: z.enum(['query', 'mutation', 'subscription']),
  client: z.string().min(1),
  document: z.string().min(1),
})

/**
 * A document that was published before anybody may run it. `hash` is the sha256 of its text, in
 * hex.
 */
export type RegisteredOperation = z.infer<typeof Operation>

export type Registry = {
  /** Null when no operation has that hash. */
  byHash(hash: string): RegisteredOperation | null
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/**
 * Reads the registry's JSON file. Throws when an entry is malformed or its hash is not that of its
 * document.
 */
export function registryFrom(json: string): Registry {
  const operations = z.array(Operation).parse(JSON.parse(json))
  for (const { name, hash, document } of operations)
    if (sha256(document) !== hash) throw new Error(`The hash of operation ${name} is not its own.`)
  const byHash = new Map(operations.map((operation) => [operation.hash, operation]))
  return { byHash: (hash) => byHash.get(hash) ?? null }
}
