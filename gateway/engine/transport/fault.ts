/** How a subgraph failed to answer, and what may be made of it. */
const faults = {
  /** No answer, or one that broke off. */
  network: { counts: true, mayRetry: true },
  /** Status 5xx. */
  server: { counts: true, mayRetry: true },
  /** Status 429. */
  throttled: { counts: false, mayRetry: true },
  /** An answer that says nothing to us: another status, type or size than a GraphQL answer has. */
  unreadable: { counts: false, mayRetry: false },
  /** Too many requests wait for this subgraph, or this one waited in vain. */
  busy: { counts: false, mayRetry: false },
  /** The breaker is open: the subgraph was not asked. */
  open: { counts: false, mayRetry: false },
} as const

export type FaultKind = keyof typeof faults

type FaultOptions = ErrorOptions & {
  /** What the subgraph said of when to come back; RFC 9110, 10.2.3. */
  readonly retryAfterMs?: number | null
  /** The text of a refusal that is a GraphQL answer, for when nobody asks again. */
  readonly answer?: string | null
}

/** Why there is no answer, for the layers around a request and for the log. */
export class SubgraphFault extends Error {
  readonly kind: FaultKind
  readonly retryAfterMs: number | null
  readonly answer: string | null

  constructor(kind: FaultKind, message: string, options: FaultOptions = {}) {
    super(message, options)
    this.name = 'SubgraphFault'
    this.kind = kind
    this.retryAfterMs = options.retryAfterMs ?? null
    this.answer = options.answer ?? null
  }

  /** True when it tells that the subgraph itself is ill. */
  get counts(): boolean {
    return faults[this.kind].counts
  }

  /** True when the same query may be answered a moment later. */
  get mayRetry(): boolean {
    return faults[this.kind].mayRetry
  }
}

/** Whatever was thrown on the way to a subgraph: what is not known is the network's. */
export const faultFrom = (cause: unknown): SubgraphFault =>
  cause instanceof SubgraphFault
    ? cause
    : new SubgraphFault('network', 'the connection failed', { cause })
