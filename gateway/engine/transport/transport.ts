import { OperationTypeNode } from 'graphql'
import { AppError } from '#kit/errors'
import type { Minter } from '#kit/identity-token'
import type { Log } from '#kit/log'
import { injectTrace, span } from '#kit/trace'
import type { Exchange } from '../../exchange.ts'
import { eventsIn } from './event-stream.ts'

/** One request to a subgraph. It is text: a subgraph cannot tell how it is reached. */
export type SubgraphRequest = {
  /** The JSON of `query`, `variables` and `operationName`. Source: GraphQL over HTTP, 5.4. */
  readonly body: string
  /** A subscription is answered by events; only a query may be sent twice or shared. */
  readonly kind: OperationTypeNode
}

/** The text of one JSON answer, or of one after the other for as long as somebody reads. */
export type AnswerText = string | AsyncIterable<string>

/**
 * The way to one subgraph. Rejects, and so does reading on, with AppError UNAVAILABLE when there is
 * no answer (any more), and with the reason of the exchange's signal when that aborts first; an
 * answer that was begun then just ends.
 */
export type Transport = (request: SubgraphRequest, exchange: Exchange) => Promise<AnswerText>

export type TransportDeps = {
  /** The subgraph's name: the audience of its tokens, and what the log calls it. */
  readonly name: string
  readonly minter: Minter
  readonly log: Log
}

export type Init = {
  readonly method: 'POST'
  readonly headers: Headers
  readonly body: string
}

/** Sends the request. */
type Ask = (init: Init, signal: AbortSignal, isStream: boolean) => Promise<Response>

type AskDeps = TransportDeps & {
  /** A longer answer, or event, counts as none: it would be held whole in memory. */
  readonly answerBytesMax: number
}

/** A transport around `ask`, which sends the request. */
export const transportOver =
  (deps: AskDeps, ask: Ask): Transport =>
  (request, exchange) =>
    span(`subgraph ${deps.name}`, {}, async () => {
      const { signal } = exchange
      const init = await initOf(deps, request, exchange)
      signal.throwIfAborted()
      const fail = failureOf(deps, exchange)
      try {
        const response = await ask(init, signal, request.kind === OperationTypeNode.SUBSCRIPTION)
        requireAnswer(response)
        if (!isEvents(response)) return await textWithin(response, deps.answerBytesMax)
        return eventsOf(response, { ...deps, signal, fail })
      } catch (cause) {
        signal.throwIfAborted()
        throw fail(cause)
      }
    })

/** Which subgraph failed, and how, is for the log only. */
const unavailableMessage = 'A part of the service is not available. Try again in a moment.'

const failureOf =
  ({ log, name }: TransportDeps, { requestId }: Exchange) =>
  (cause: unknown): AppError => {
    log.warn(`Subgraph ${name} did not answer request ${requestId}`, cause)
    return new AppError('UNAVAILABLE', unavailableMessage, { cause })
  }

async function initOf(
  { name, minter }: TransportDeps,
  { body, kind }: SubgraphRequest,
  { viewer, requestId }: Exchange,
): Promise<Init> {
  const headers = new Headers({
    accept: kind === OperationTypeNode.SUBSCRIPTION ? `${eventType}, ${jsonAccept}` : jsonAccept,
    authorization: `Bearer ${await minter.mint(viewer, name)}`,
    'content-type': 'application/json',
    'x-request-id': requestId,
  })
  injectTrace(headers)
  return { method: 'POST', headers, body }
}

const eventType = 'text/event-stream'
const jsonAccept = 'application/graphql-response+json, application/json'
const readableTypes = /^(application\/(graphql-response\+)?json|text\/event-stream)\b/

const isEvents = ({ headers }: Response) =>
  headers.get('content-type')?.startsWith(eventType) ?? false

/** Throws for an answer that is not worth reading. */
function requireAnswer({ status, headers }: Response): void {
  if (status >= 500) throw new Error(`status ${status}`)
  // Our key or clock is wrong then; the caller can do nothing about it.
  if (status === 401) throw new Error('the identity token was refused')
  const type = headers.get('content-type')
  if (!readableTypes.test(type ?? '')) throw new Error(`content type ${type}`)
}

/** Counts what arrives: an announced length may be missing, or that of the compressed text. */
async function textWithin(response: Response, bytesMax: number): Promise<string> {
  const { body } = response
  if (bytesMax === Number.POSITIVE_INFINITY || !body) return response.text()
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.byteLength
    if (length > bytesMax) throw new Error(`the answer is longer than ${bytesMax} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, length).toString('utf8')
}

/** A subgraph sends a comment every 15 seconds; one that missed several is gone. */
const silenceMs = 60_000

type Streaming = {
  readonly signal: AbortSignal
  readonly answerBytesMax: number
  readonly fail: (cause: unknown) => AppError
}

function eventsOf({ body }: Response, streaming: Streaming): AsyncIterable<string> {
  if (!body) throw new Error('a stream without a body')
  // For one that nobody has begun to read; the reader of another one does it.
  const cancel = () => void body.cancel().catch(() => {})
  streaming.signal.addEventListener('abort', cancel, { once: true })
  return readableEvents(body, streaming)
}

async function* readableEvents(body: ReadableStream<Uint8Array>, streaming: Streaming) {
  const { signal, answerBytesMax, fail } = streaming
  try {
    yield* eventsIn(body, { signal, eventBytesMax: answerBytesMax, silenceMs })
  } catch (cause) {
    if (!signal.aborted) throw fail(cause)
  }
}
