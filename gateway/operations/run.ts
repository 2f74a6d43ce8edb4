import type { Exchange } from '../exchange.ts'
import type { RegisteredOperation } from './registry.ts'

type Run = {
  readonly operation: Pick<RegisteredOperation, 'hash'>
  readonly variables: unknown
  /** A query by GET may be kept by caches, if any other GET of it may; POST is for all kinds. */
  readonly method?: 'GET' | 'POST'
  /** What the face reads: the graph's JSON, unless it wants events. */
  readonly accept?: 'application/graphql-response+json' | 'text/event-stream'
}

/**
 * Runs a registered operation as whoever asks, through every stage that the graph has: what GraphQL
 * would refuse by its id is refused here. The body is GraphQL's own JSON.
 */
export async function runRegistered(
  exchange: Exchange,
  next: () => Promise<Response>,
  { operation, variables, method = 'POST', accept = 'application/graphql-response+json' }: Run,
): Promise<Response> {
  const documentId = `sha256:${operation.hash}`
  const { signal } = exchange.request
  const headers = new Headers(exchange.request.headers)
  headers.set('accept', accept)
  headers.delete('content-length')
  const url = new URL('/graphql', exchange.url)
  if (method === 'GET') {
    headers.delete('content-type')
    url.searchParams.set('documentId', documentId)
    url.searchParams.set('variables', JSON.stringify(variables))
    exchange.request = new Request(url, { headers, signal })
  } else {
    headers.set('content-type', 'application/json')
    exchange.bodyText = JSON.stringify({ documentId, variables })
    exchange.request = new Request(url, { method, headers, signal, body: exchange.bodyText })
  }
  exchange.url = url
  return next()
}
