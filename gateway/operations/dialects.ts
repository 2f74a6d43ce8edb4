import { z } from 'zod'
import type { Params } from './params.ts'

/** A document that a client names instead of sending it. */
export type Named = {
  /** What stands for the hash; anything else than 64 hexadecimal digits is registered for nobody. */
  readonly hash: string
  /** Whether it may send the text beside it, to be known by the hash from then on. */
  readonly mayTeach: boolean
}

type Dialect = {
  readonly name: string
  /** Null when the request does not speak it. */
  readonly named: (params: Params) => Named | null
}

const unknown = ''
const idPattern = /^(?:sha256:)?([0-9a-f]{64})$/
const canonicalPattern = /^sha256:([0-9a-f]{64})$/
/** Of these three the gateway reads the last: who asks is known by what they prove. */
const hivePattern = /^[^~]+~[^~]+~(.+)$/

const byHash = (hash: string | undefined): Named => ({ hash: hash ?? unknown, mayTeach: false })

const PersistedQuery = z.object({ persistedQuery: z.object({ sha256Hash: z.string() }) })

/** How clients name a document, the form of the specification first: the first that is spoken counts. */
export const dialects: readonly Dialect[] = [
  {
    // GraphQL over HTTP, appendix on persisted documents.
    name: 'documentId',
    named: ({ documentId }) => {
      if (!documentId || documentId.includes('~')) return null
      return byHash(canonicalPattern.exec(documentId)?.[1])
    },
  },
  {
    // Hive's app deployments: client~version~hash.
    name: 'hive',
    named: ({ documentId }) => {
      if (!documentId) return null
      const [, id = ''] = hivePattern.exec(documentId) ?? []
      return byHash(idPattern.exec(id)?.[1])
    },
  },
  {
    // Relay's persisted queries, whose id is whatever the server gave: ours are hashes.
    name: 'relay',
    named: ({ doc_id: id }) => (id ? byHash(idPattern.exec(id)?.[1]) : null),
  },
  {
    // Apollo's persisted queries, automatic ones too.
    name: 'apollo',
    named: ({ extensions }) => {
      if (!extensions) return null
      const { data } = PersistedQuery.safeParse(extensions)
      return data ? { hash: data.persistedQuery.sha256Hash, mayTeach: true } : null
    },
  },
]

/** The document that a request names in one of the dialects; null when it names none. */
export function namedIn(params: Params): Named | null {
  for (const { named } of dialects) {
    const found = named(params)
    if (found) return found
  }
  return null
}
