import { AppError } from '#kit/errors'
import { injectTrace } from '#kit/trace'
import type { Exchange } from '../exchange.ts'
import type { Handler } from './routes.ts'

/** A request that concerns one subgraph alone; nobody's identity travels with it. */
export type Forward = {
  /** The same at the gateway and at the subgraph. */
  readonly path: string
  readonly subgraph: string
  /** What of the request's headers the subgraph reads; no other one is handed on. */
  readonly headers: readonly string[]
}

/** Every request that is handed on as it is. Whoever sends one proves it by what is in it. */
export const forwards: readonly Forward[] = [
  {
    path: '/webhooks/stripe',
    subgraph: 'billing',
    headers: ['content-type', 'stripe-signature'],
  },
]

/** A subgraph as something that answers requests, whichever process it runs in. */
export type Neighbour = (request: Request) => Promise<Response>

/** A subgraph across the network, on the host and port of its graph. Follows no redirect. */
export const neighbourAt =
  (graphUrl: string): Neighbour =>
  (request) => {
    const { pathname } = new URL(request.url)
    return fetch(new Request(new URL(pathname, graphUrl), request), { redirect: 'error' })
  }

/** Hands the body on byte for byte, and only the status back; 404 without such a subgraph. */
export const handOn =
  ({ path, subgraph, headers }: Forward, neighbours: ReadonlyMap<string, Neighbour>): Handler =>
  async (exchange) => {
    const ask = neighbours.get(subgraph)
    if (!ask) throw new AppError('NOT_FOUND', 'There is nothing at this address.')
    const request = new Request(`http://${subgraph}.local${path}`, {
      method: exchange.request.method,
      headers: headersOf(exchange, headers),
      body: await exchange.request.arrayBuffer(),
      signal: exchange.signal,
    })
    const { status, headers: told } = await ask(request).catch((cause: unknown) => {
      exchange.signal.throwIfAborted()
      throw new AppError('UNAVAILABLE', 'This is not available now. Try again.', { cause })
    })
    const later = told.get('retry-after')
    return new Response(null, { status, headers: later ? { 'retry-after': later } : {} })
  }

function headersOf({ request, requestId }: Exchange, names: readonly string[]): Headers {
  const headers = new Headers({ 'x-request-id': requestId })
  for (const name of names) {
    const value = request.headers.get(name)
    if (value !== null) headers.set(name, value)
  }
  injectTrace(headers)
  return headers
}
