import { AppError } from '#kit/errors'
import { createLru } from '../lru.ts'
import { type Client, sha256 } from './registry.ts'

/** Texts that clients sent beside their hash: Apollo's automatic persisted queries. */
export type Taught = {
  /** The text that one of these clients has taught; null when none of them has, or none may. */
  textOf(hash: string, clients: readonly Client[]): string | null
  /** Whether one of them may teach at all. */
  mayTeach(clients: readonly Client[]): boolean
  /** Keeps a text under its hash. Throws BAD_REQUEST for another's. */
  teach(hash: string, text: string, clients: readonly Client[]): void
}

const bounds = { entriesMax: 2_000, bytesMax: 8_388_608 }

/** Each instance learns for itself: a client that is told "not found" sends the text again. */
export function createTaught(isAutomatic: (client: Client) => boolean): Taught {
  const texts = createLru<string, string>(bounds)
  const teacher = (clients: readonly Client[]) => clients.find(isAutomatic)
  const keyOf = (client: Client, hash: string) => `${client} ${hash}`
  return {
    mayTeach: (clients) => teacher(clients) !== undefined,
    textOf: (hash, clients) => {
      const client = teacher(clients)
      return client === undefined ? null : (texts.get(keyOf(client, hash)) ?? null)
    },
    teach: (hash, text, clients) => {
      const client = teacher(clients)
      if (client === undefined) return
      if (sha256(text) !== hash)
        throw new AppError('BAD_REQUEST', 'The hash is not that of the text beside it.')
      texts.set(keyOf(client, hash), text, text.length * 2 + hash.length)
    },
  }
}
