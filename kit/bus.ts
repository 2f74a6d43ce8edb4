import type { Json } from './postgres.ts'

export type OutboxEvent = {
  readonly id: string
  readonly topic: string
  readonly entityId: string
  readonly payload: Json
  /** W3C trace context of the change. */
  readonly headers: Record<string, string>
  readonly at: Date
}

export type BusEvent = OutboxEvent & {
  /** Place in the one order that all readers see; a later event never gets a lower one. */
  readonly position: number
  /** The service that told of it; the bus sets it from the publisher's own credentials. */
  readonly source: string
}

export type Subscription = {
  readonly topics: readonly string[]
  /** Events above this position; 0 for all that are kept. */
  readonly after: number
  readonly signal: AbortSignal
}

export type Past = {
  readonly topics: readonly string[]
  /** Events above this position … */
  readonly after: number
  /** … up to this one, which some reader has reached. */
  readonly upTo: number
  readonly limit: number
}

/**
 * Carries committed events from one service to all others. `bus.contract.ts` says what every
 * adapter keeps.
 */
export type Bus = {
  /** Appends in the order given. An id that was published before is passed over. */
  publish(events: readonly OutboxEvent[]): Promise<void>
  /**
   * Every event once, in order, waiting for new ones until the signal aborts; outages are ridden
   * out.
   */
  subscribe(subscription: Subscription): AsyncIterable<BusEvent>
  /** What is kept of the past, the oldest first. Rejects while the bus is out of reach. */
  past(page: Past): Promise<readonly BusEvent[]>
  /** The position of the newest event, 0 when there is none. */
  head(): Promise<number>
  stop(): Promise<void>
}
