import { createHash } from 'node:crypto'
import { z } from 'zod'

const Operation = z.object({
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  name: z.string().min(1),
  kind: z.enum(['query', 'mutation', 'subscription']),
  client: z.enum(['web', 'partner']),
  document: z.string().min(1),
})

/**
 * A document that was published before anybody may run it. `hash` is the sha256 of its text, in
 * hex.
 */
export type RegisteredOperation = z.infer<typeof Operation>

/** For whom an operation is published; one may be listed once for each of them. */
export type Client = RegisteredOperation['client']

export type Registry = {
  /** Null when no operation of that hash is published for the client. */
  byHash(hash: string, client: Client): RegisteredOperation | null
  all(): readonly RegisteredOperation[]
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
  const byKey = new Map(operations.map((one) => [keyOf(one.hash, one.client), one]))
  return {
    byHash: (hash, client) => byKey.get(keyOf(hash, client)) ?? null,
    all: () => operations,
  }
}

const keyOf = (hash: string, client: Client) => `${client} ${hash}`
