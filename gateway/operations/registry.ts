import { createHash } from 'node:crypto'
import { z } from 'zod'
import { contracts } from '#schema/contracts'

export const Operation = z.object({
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  name: z.string().min(1),
  kind: z.enum(['query', 'mutation', 'subscription']),
  client: z.string().min(1),
  version: z.string().default(''),
  contract: z.enum(contracts).default('app'),
  document: z.string().min(1),
  cost: z.number().nonnegative().nullable().default(null),
  retiredAt: z.coerce.date().nullable().default(null),
  description: z.string().nullable().default(null),
})

/**
 * A document that was published before anybody may run it. `hash` is the sha256 of its text, in
 * hex; `version` is the client's own, empty for one that names none; `cost` is the estimate without
 * variables, null while nobody has counted; `retiredAt` is from when on it is answered no more;
 * `description` is for whoever calls it.
 */
export type RegisteredOperation = z.infer<typeof Operation>

/**
 * For whom an operation is published: the `web` client, every `partner`, anybody (`public`), or the
 * id of one program. One operation may be listed once for each of them.
 */
export type Client = RegisteredOperation['client']

export type Registry = {
  /** Of the first of these clients that has one of that hash; null when none has. */
  byHash(hash: string, clients: readonly Client[]): RegisteredOperation | null
  /** The same by the name that the operation has in its document. */
  byName(name: string, clients: readonly Client[]): RegisteredOperation | null
  /** What is retired comes last: of two with one address the other is answered. */
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
  return registryOf(operations)
}

/**
 * Looks up in these operations. Of two under one key the first that is not retired is found, or the
 * first where all are.
 */
export function registryOf(operations: readonly RegisteredOperation[]): Registry {
  const ordered = operations.toSorted((one, other) => ended(one) - ended(other))
  const hashes = firstBy(ordered, ({ hash, client }) => keyOf(hash, client))
  const names = firstBy(ordered, ({ name, client }) => keyOf(name, client))
  const found = (map: typeof hashes, key: string, clients: readonly Client[]) => {
    let retired: RegisteredOperation | null = null
    for (const client of clients) {
      const operation = map.get(keyOf(key, client))
      if (operation?.retiredAt === null) return operation
      retired ??= operation ?? null
    }
    return retired
  }
  return {
    byHash: (hash, clients) => found(hashes, hash, clients),
    byName: (name, clients) => found(names, name, clients),
    all: () => ordered,
  }
}

const ended = ({ retiredAt }: RegisteredOperation) => (retiredAt === null ? 0 : 1)

const firstBy = (
  operations: readonly RegisteredOperation[],
  keyIn: (operation: RegisteredOperation) => string,
) => new Map(operations.toReversed().map((one) => [keyIn(one), one]))

const keyOf = (key: string, client: Client) => `${client} ${key}`
