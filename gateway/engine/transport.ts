import { AppError } from '#kit/errors'
import type { Minter } from '#kit/identity-token'
import type { Log } from '#kit/log'
import { injectTrace, span } from '#kit/trace'
import type { Exchange } from '../exchange.ts'

/** One request to a subgraph. The document is text: a subgraph cannot tell how it is reached. */
export type SubgraphRequest = {
  readonly document: string
  readonly variables: Readonly<Record<string, unknown>>
  readonly operationName: string | null
}

/**
 * The way to one subgraph: the text of its JSON answer. Rejects with AppError UNAVAILABLE when
 * there is none, and with the reason of the exchange's signal when that aborts first.
 */
export type Transport = (request: SubgraphRequest, exchange: Exchange) => Promise<string>

export type TransportDeps = {
  /** The subgraph's name: the audience of its tokens, and what the log calls it. */
  readonly name: string
  readonly minter: Minter
  readonly log: Log
}

type Init = { readonly method: 'POST'; readonly headers: Headers; readonly body: string }

/** A transport around `ask`, which sends the request and throws for any answer that is none. */
export const transportOver =
  (deps: TransportDeps, ask: (init: Init, signal: AbortSignal) => Promise<string>): Transport =>
  (request, exchange) =>
    span(`subgraph ${deps.name}`, {}, async () => {
      const { signal, requestId } = exchange
      const init = await initOf(deps, request, exchange)
      signal.throwIfAborted()
      return ask(init, signal).catch((cause: unknown) => {
        signal.throwIfAborted()
        deps.log.warn(`Subgraph ${deps.name} did not answer request ${requestId}`, cause)
        throw new AppError('UNAVAILABLE', unavailableMessage, { cause })
      })
    })

/** Which subgraph failed, and how, is for the log only. */
const unavailableMessage = 'A part of the service is not available. Try again in a moment.'

async function initOf(
  { name, minter }: TransportDeps,
  { document, variables, operationName }: SubgraphRequest,
  { viewer, requestId }: Exchange,
): Promise<Init> {
  const headers = new Headers({
    accept: 'application/graphql-response+json, application/json',
    authorization: `Bearer ${await minter.mint(viewer, name)}`,
    'content-type': 'application/json',
    'x-request-id': requestId,
  })
  injectTrace(headers)
  const body = JSON.stringify({
    query: document,
    variables,
    ...(operationName && { operationName }),
  })
  return { method: 'POST', headers, body }
}

const jsonTypes = /^application\/(graphql-response\+)?json\b/

/** Throws for an answer that is not worth reading. */
export function requireAnswer({ status, headers }: Response): void {
  if (status >= 500) throw new Error(`status ${status}`)
  // Our key or clock is wrong then; the caller can do nothing about it.
  if (status === 401) throw new Error('the identity token was refused')
  const type = headers.get('content-type')
  if (!jsonTypes.test(type ?? '')) throw new Error(`content type ${type}`)
}
