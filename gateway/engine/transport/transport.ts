import type { OperationTypeNode } from 'graphql'
import type { Exchange } from '../../exchange.ts'
import type { HeaderValues } from './credentials.ts'

/** One request to a subgraph. It is text: a subgraph cannot tell how it is reached. */
export type SubgraphRequest = {
  /** The JSON of `query`, `variables` and `operationName`. Source: GraphQL over HTTP, 5.4. */
  readonly body: string
  /** A subscription is answered by events; only a query may be sent twice or shared. */
  readonly kind: OperationTypeNode
}

/** What a subgraph tells on a stream. */
export type SubgraphEvent = {
  /** The text of a JSON answer; null when it says no more than how far it is. */
  readonly data: string | null
  /** By what the stream can be gone on with after this; null for a subgraph that cannot. */
  readonly id: string | null
}

/** The text of one JSON answer, or of one after the other for as long as somebody reads. */
export type AnswerText = string | AsyncIterable<SubgraphEvent>

/**
 * The way to one subgraph. Rejects, and so does reading on, with AppError UNAVAILABLE when there is
 * no answer (any more), and with the reason of the exchange's signal when that aborts first; an
 * answer that was begun then just ends.
 */
export type Transport = (request: SubgraphRequest, exchange: Exchange) => Promise<AnswerText>

/** One attempt at a request: what the layers between a transport and its subgraph pass on. */
export type Attempt = SubgraphRequest & {
  readonly credentials: HeaderValues
  readonly requestId: string
  /** For a subscription: where its stream goes on; null where it begins now. */
  readonly lastEventId: string | null
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal
}

/** Rejects with SubgraphFault, or with the reason of the attempt's signal. */
export type Ask = (attempt: Attempt) => Promise<AnswerText>
