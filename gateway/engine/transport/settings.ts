/** How a subgraph is asked. Each protection can be turned off alone. */
export type TransportSettings = {
  /** A longer answer, or event, counts as none: it would be held whole in memory. */
  readonly answerBytesMax: number
  /** Requests in flight to one subgraph. */
  readonly concurrencyMax: number
  /** Requests that may wait until one of those is answered; more are refused at once. */
  readonly queueMax: number
  /** Whether equal queries of equal callers that are in flight share one fetch. */
  readonly sharing: boolean
  /** A query that is not answered by then is asked a second time; null never does. */
  readonly hedgeMs: number | null
  /** How often a query is asked again after a fault that may pass. */
  readonly retriesMax: number
  /** The part of a subgraph's requests that retries and hedges together may come to. */
  readonly retryBudget: number
  /** The mean pause before the first retry is half of this; it doubles with each. */
  readonly retryPauseMs: number
  /** A subgraph that wants a longer pause is not asked again. */
  readonly retryPauseMaxMs: number
  /** Null asks a subgraph however often it fails. */
  readonly breaker: BreakerSettings | null
}

export type BreakerSettings = {
  /** It opens when this part of the requests failed, within about `windowMs` … */
  readonly failureRatio: number
  readonly windowMs: number
  /** … and there were at least so many. */
  readonly requestsMin: number
  /** How long it stays open before one request may try. */
  readonly openMs: number
  /** A deadline that passes sooner says nothing about the subgraph. */
  readonly patienceMs: number
}

export const defaultSettings: TransportSettings = {
  answerBytesMax: 16 * 1_048_576,
  concurrencyMax: 100,
  queueMax: 1_000,
  sharing: true,
  hedgeMs: null,
  retriesMax: 2,
  retryBudget: 0.1,
  retryPauseMs: 50,
  retryPauseMaxMs: 1_000,
  breaker: {
    failureRatio: 0.5,
    windowMs: 10_000,
    requestsMin: 20,
    openMs: 5_000,
    patienceMs: 1_000,
  },
}
