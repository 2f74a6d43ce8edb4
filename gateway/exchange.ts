import type { Viewer } from '#kit/identity-token'
import type { Place } from '#kit/place'
import type { Contract } from '#schema/contracts'
import type { EntityMemory } from './entities.ts'
import type { Given } from './kept/keeping.ts'
import type { Reads } from './reads.ts'

/**
 * How the caller proved who they are. Only a session is a browser; a bearer client is a program.
 */
export type Credential = 'anonymous' | 'session' | 'bearer'

/** What a program's plan lets it spend, in cost points. */
export type Allowance = {
  readonly pointsPerMinute: number
  /** At most at once. */
  readonly burst: number
  /** One operation; null for as much as programs without a plan. */
  readonly costMax: number | null
  /** Operations at a time, on each instance; null for any number. */
  readonly concurrency: number | null
}

/** What the stages after `operation` know of a registered one. */
export type Registered = {
  readonly name: string
  /** The sha256 of its text, in hex. */
  readonly hash: string
  /** For whom it was published, and in which version of that client; empty where none is named. */
  readonly client: string
  readonly version: string
}

/** One request to a subgraph, as it went. Times are those of `performance.now()`. */
export type Fetched = {
  /** The place of the fetch in its plan. */
  readonly id: number
  readonly subgraph: string
  readonly startedAt: number
  readonly endedAt: number
  /** Of the answer's text; 0 for none. */
  readonly bytes: number
  /** How many entities it was asked for; null for root fields. */
  readonly entities: number | null
  /** `partial` is an answer that tells of errors. */
  readonly status: 'ok' | 'partial' | 'failed'
  readonly document: string
  readonly data: unknown
}

/**
 * What one request carries from stage to stage. Each stage fills its own part and reads those
 * above.
 */
export type Exchange = {
  /** `http` replaces it by one whose whole body is in memory, within the limit. */
  request: Request
  /** The body once somebody has read it as text: it can be read from the request only once. */
  bodyText: string | null
  /** `operations` replaces it, with the request, by that of the graph where a face has its own. */
  url: URL
  /** Filled by `http`: the version of the operations that `Accept` names; null where it names none. */
  version: number | null
  readonly requestId: string
  readonly clientAddress: string
  /**
   * Aborts when the deadline passes or the client goes away: whatever waits for something passes it
   * on. `respond` replaces it by that of the stream, for a subscription.
   */
  signal: AbortSignal
  /** Filled by `identity`. Null is an anonymous caller. */
  viewer: Viewer | null
  credential: Credential
  /** The OAuth client a bearer token was issued to; null for a browser. */
  clientId: string | null
  /** When a bearer token ends; null for everybody else. */
  provenUntil: Date | null
  /** What a program's token allows it; null for one that says nothing, and for everybody else. */
  rateLimitPerMinute: number | null
  /** What the plan of a program says; it stands above its token. Null without one. */
  allowance: Allowance | null
  /** Filled by `admission`, in points: null before, and where nobody counts. */
  cost: { readonly estimated: number; readonly actual: number | null } | null
  /** Filled by `operation`: null for free text. */
  registered: Registered | null
  /** Filled by `operation`: what free text may ask of; `admin` is the whole graph. */
  contract: Contract
  /** Filled by `respond` for a subscription: where its stream goes on, and how far it is. */
  place: Place | null
  /** Filled by `engine`: what a query reads. */
  reads: Reads | null
  /** Filled by `kept` for a query: what is known of entities. */
  entities: EntityMemory | null
  /** Filled by `kept`: how an answer that may be kept came to be. */
  kept: Given | null
  /** Told of each request to a subgraph, where somebody wants to know. */
  onFetched: ((one: Fetched) => void) | null
  /** Filled by `engine`: true once a mutation runs. */
  mayHaveChanged: boolean
  /**
   * Headers that `http`, the outermost stage, puts on whatever leaves: an answer, a refusal, a
   * failure.
   */
  readonly responseHeaders: Headers
}

/** An operation that was answered, whatever became of it. */
export type Ran = {
  readonly exchange: Exchange
  readonly isFailed: boolean
  readonly seconds: number
}

/**
 * A stage answers itself or hands on to the next one. What it throws, `http` turns into a JSON
 * error: an AppError with its code and status, anything else masked as INTERNAL.
 */
export type Stage = (exchange: Exchange, next: () => Promise<Response>) => Promise<Response>

/** Who sent a request: what `serve` knows and the request does not say. */
export type RequestInfo = {
  readonly requestId: string
  /** Looked up when it is read, and empty when the client has gone by then. */
  readonly clientAddress: string
}

/** The exchange as it enters the first stage. `signal` carries the deadline. */
export const exchangeOf = (request: Request, info: RequestInfo, signal: AbortSignal): Exchange => ({
  request,
  bodyText: null,
  url: new URL(request.url),
  version: null,
  requestId: info.requestId,
  get clientAddress() {
    return info.clientAddress
  },
  signal,
  viewer: null,
  credential: 'anonymous',
  clientId: null,
  provenUntil: null,
  rateLimitPerMinute: null,
  allowance: null,
  cost: null,
  registered: null,
  contract: 'admin',
  place: null,
  reads: null,
  entities: null,
  kept: null,
  onFetched: null,
  mayHaveChanged: false,
  responseHeaders: new Headers(),
})

/** Runs the stages in the order given; the last one must answer. */
export const inOrder =
  (stages: readonly Stage[]) =>
  (exchange: Exchange): Promise<Response> => {
    const from = (index: number): Promise<Response> => {
      const stage = stages[index]
      if (!stage) throw new Error('The last stage handed on.')
      return stage(exchange, () => from(index + 1))
    }
    return from(0)
  }
