import type { Exchange } from '../exchange.ts'
import type { RegisteredOperation } from './registry.ts'

type Run = {
  readonly operation: Pick<RegisteredOperation, 'hash'>
  readonly variables: unknown
}

/**
 * Runs a registered operation as whoever asks, through every stage that the graph has: what GraphQL
 * would refuse by its id is refused here. The body is GraphQL's own JSON.
 */
export async function runRegistered(
  exchange: Exchange,
  next: () => Promise<Response>,
  { operation, variables }: Run,
): Promise<Response> {
  const body = JSON.stringify({ documentId: `sha256:${operation.hash}`, variables })
  const headers = new Headers(exchange.request.headers)
  headers.set('accept', 'application/graphql-response+json')
  headers.set('content-type', 'application/json')
  headers.delete('content-length')
  const { signal } = exchange.request
  const url = new URL('/graphql', exchange.url)
  exchange.request = new Request(url, { method: 'POST', headers, signal, body })
  exchange.bodyText = body
  return next()
}
