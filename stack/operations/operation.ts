import { createHash } from 'node:crypto'
import { type DocumentNode, Kind, print } from 'graphql'
import { descriptionOf } from '#kit/document/description'

/** A registered operation: what the gateway may run for a client that sends only its hash. */
export type Operation = {
  hash: string
  name: string
  kind: 'query' | 'mutation' | 'subscription'
  /** Who may run it: pages of ours, or programs of partners. */
  client: 'web' | 'partner'
  document: string
  /** What it is for, in the words of its author; left out of the text, so that it may be reworded. */
  description?: string
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

/** The same with the description that its source begins with, if it has one. */
export function describedBy(source: string, operation: Operation): Operation {
  const description = descriptionOf(source)
  return description === null ? operation : { ...operation, description }
}

export const byName = (a: Operation, b: Operation) => (a.name < b.name ? -1 : 1)
