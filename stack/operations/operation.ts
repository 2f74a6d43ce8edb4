import { createHash } from 'node:crypto'
import { type DocumentNode, Kind, print } from 'graphql'

/** A registered operation: what the gateway may run for a client that sends only its hash. */
export type Operation = {
  hash: string
  name: string
  kind: 'query' | 'mutation' | 'subscription'
  /** Who may run it: pages of ours, or programs of partners. */
  client: 'web' | 'partner'
  document: string
}

/** The operation that a document is; null for one that has none or one without a name. */
export function operationOf(document: DocumentNode, client: Operation['client']): Operation | null {
  const [definition] = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
  if (definition?.kind !== Kind.OPERATION_DEFINITION || !definition.name) return null
  const text = print(document)
  return {
    hash: createHash('sha256').update(text).digest('hex'),
    name: definition.name.value,
    kind: definition.operation,
    client,
    document: text,
  }
}

export const byName = (a: Operation, b: Operation) => (a.name < b.name ? -1 : 1)
