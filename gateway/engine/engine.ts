import type { ExecutionResult, OperationTypeNode } from 'graphql'
import { isSignedIn, isSteppedUp, type Viewer } from '#kit/identity-token'
import type { Contract } from '#schema/contracts'
import type { Exchange } from '../exchange.ts'
import type { Reads } from '../reads.ts'
import type { PlannedFetch } from './plan/print.ts'
import type { SubgraphEvent } from './transport/transport.ts'

/** What authorization may depend on. Two callers of equal variants get the same plan. */
export type Variant = {
  readonly authenticated: boolean
  readonly scopes: ReadonlySet<string>
  /** Granted names of `@policy`; a policy that nobody has decided is not here, and so denied. */
  readonly policies: ReadonlySet<string>
  /** What of the graph is known to them, where that is not all of it. */
  readonly contract?: Contract
}

export type OperationRequest = {
  readonly variables: Readonly<Record<string, unknown>>
  readonly exchange: Exchange
}

/** The events of a subscription as its subgraph tells them, and what it was asked for them. */
export type Source = {
  readonly asked: string
  readonly events: AsyncIterable<SubgraphEvent>
}

/**
 * The two halves of a subscription: the events that a subgraph tells outlive the graph that they
 * were asked for under.
 */
export type Stream = {
  /** A result when the stream does not open. */
  open(request: OperationRequest): Promise<ExecutionResult | Source>
  /** Null when this graph would have asked the subgraph for something else. */
  answer(event: string, source: Source, request: OperationRequest): Promise<ExecutionResult | null>
}

/** What an operation would do, for somebody who wants to know before it runs. */
export type Explained = {
  readonly fetches: readonly PlannedFetch[]
  /** Fields that are taken out for this caller, as `Type.field`. */
  readonly denied: readonly string[]
}

/** An operation that is ready to run, any number of times, for every caller of its variant. */
export type Prepared = {
  readonly kind: OperationTypeNode
  readonly name: string | null
  /** Null for what is no query. */
  readonly reads: Reads | null
  /** Never throws for what a subgraph did: that is in the result's errors. */
  execute(request: OperationRequest): Promise<ExecutionResult>
  /**
   * For a subscription: one result an event, or a single one when it does not open. The exchange's
   * signal ends it; reading throws when a subgraph breaks off.
   */
  subscribe(request: OperationRequest): Promise<ExecutionResult | AsyncIterable<ExecutionResult>>
  /** For a subscription that opens a stream; absent where nothing is left to subscribe to. */
  readonly stream?: Stream
  /** Nothing is asked of any subgraph. Absent where an engine makes no plan. */
  explain?(request: OperationRequest): Promise<Explained | Pick<ExecutionResult, 'errors'>>
}

/**
 * What answers an operation. Stitching is one keeper of this interface, the compiled engine the
 * other.
 */
export type Engine = {
  /**
   * Parses, validates, authorizes and plans once. Rejects with the GraphQL errors that a client may
   * see.
   */
  prepare(document: string, operationName: string | null, variant: Variant): Promise<Prepared>
  /**
   * What `prepare` would give, if it is there already; null otherwise. An engine without it answers
   * everything as if seen for the first time.
   */
  known?(document: string, operationName: string | null, variant: Variant): Prepared | null
}

const nothing: ReadonlySet<string> = new Set()
const secondFactor: ReadonlySet<string> = new Set(['acr2'])

export const variantOf = (viewer: Viewer | null, contract: Contract = 'admin'): Variant => ({
  authenticated: isSignedIn(viewer),
  scopes: viewer?.scopes ?? nothing,
  policies: isSteppedUp(viewer) ? secondFactor : nothing,
  ...(contract !== 'admin' && { contract }),
})
