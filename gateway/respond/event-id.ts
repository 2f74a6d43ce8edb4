import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { eventsMissed } from '#kit/following'
import type { Exchange } from '../exchange.ts'

type EventIdsDeps = {
  /** The first one seals, and every one opens; all instances of a gateway have the same. */
  readonly keys: readonly Uint8Array[]
  readonly now: () => Date
}

/** What a stream was opened for. */
export type Asked = {
  readonly text: string
  readonly operationName: string | null
  readonly variables: unknown
}

/** The ids of one stream's events. */
export type StreamIds = {
  /** What the client has seen, as it says by Last-Event-ID; null for one that begins now. */
  readonly after: string | null
  /** The id as the client gets it; empty for one that it has to forget. */
  seal(id: string): string
}

export type EventIds = {
  /**
   * Throws EVENTS_MISSED for an id of more than five minutes ago, of another operation, with other
   * variables or of somebody else; nobody can tell which of these it is.
   */
  of(exchange: Exchange, asked: Asked): StreamIds
}

const windowSeconds = 300
const algorithm = 'aes-256-gcm'
const keyBytes = 32
const ivBytes = 12
const tagBytes = 16

export const lastEventIdHeader = 'last-event-id'

/**
 * An id is what the subgraph calls the event, and when it was told, sealed under a key that is made
 * of who asks and for what: it means nothing to anybody else, nor in another operation.
 */
export function createEventIds({ keys, now }: EventIdsDeps): EventIds {
  const masters = keys.map(
    (key) => new Uint8Array(hkdfSync('sha256', key, '', 'plexus event ids', keyBytes)),
  )
  const seconds = () => Math.floor(now().getTime() / 1_000)
  return {
    of: (exchange, asked) => {
      const bound = JSON.stringify([
        whoAsks(exchange),
        asked.text,
        asked.operationName,
        asked.variables,
      ])
      const own = masters.map((master) => createHmac('sha256', master).update(bound).digest())
      const [current] = own
      if (!current) throw new Error('Ids of events need a key.')
      const given = exchange.request.headers.get(lastEventIdHeader)
      const openGiven = (sealed: string) => {
        for (const key of own) {
          const [told = '', id = ''] = opened(sealed, key)?.split(/ (.*)/s) ?? []
          if (id !== '' && seconds() - Number(told) <= windowSeconds) return id
        }
        throw eventsMissed()
      }
      return {
        after: given ? openGiven(given) : null,
        seal: (id) => (id === '' ? '' : sealed(`${seconds()} ${id}`, current)),
      }
    },
  }
}

/** Ids that no other process opens. */
export const ownEventIds = (): EventIds =>
  createEventIds({ keys: [randomBytes(keyBytes)], now: () => new Date() })

/** A right that is lost is refused when the stream is opened: it need not be in the key. */
const whoAsks = ({ viewer, credential, clientId }: Exchange) => [
  ...[viewer?.id ?? null, viewer?.actor ?? null],
  ...[credential, clientId],
]

function sealed(text: string, key: Uint8Array): string {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv(algorithm, key, iv)
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')
}

/** Null for what this key did not seal. */
function opened(text: string, key: Uint8Array): string | null {
  const bytes = Buffer.from(text, 'base64url')
  const bodyAt = ivBytes + tagBytes
  if (bytes.length <= bodyAt) return null
  try {
    const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, ivBytes))
    decipher.setAuthTag(bytes.subarray(ivBytes, bodyAt))
    return Buffer.concat([decipher.update(bytes.subarray(bodyAt)), decipher.final()]).toString()
  } catch {
    // The tag does not match.
    return null
  }
}
