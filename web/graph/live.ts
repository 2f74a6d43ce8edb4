import type { AnyVariables, Client, DocumentInput, OperationResult } from 'urql'
import { failureFrom } from './failure.ts'
import { registeredFetch } from './registered.ts'
import { idsIn, watched } from './watched.ts'

export type LiveState = 'connecting' | 'live' | 'lost'

export type LiveHandlers<Data> = {
  onEvent: (data: Data) => void
  onState: (state: LiveState) => void
  /** Connected again after a loss, and nobody can tell any more what happened in between. */
  onAgain: () => void
}

const firstRetryMs = 500
const longestRetryMs = 30_000
/** A loss that is mended this soon is not worth a word. */
const graceMs = 2_000
/** A connection that held this long was a good one: the next loss is met with fresh patience. */
const soundMs = 10_000
/**
 * A page that nobody looks at gives its connection back after a while: over HTTP/1.1 a browser has
 * six of them for all tabs of a site, and the next page would wait until one is free.
 */
const hiddenMs = 5_000

/** Twice as long each time, and never quite the same, so that not everybody comes back at once. */
export const retryDelay = (attempt: number, random: number): number =>
  Math.min(longestRetryMs, firstRetryMs * 2 ** attempt) * (0.75 + random / 2)

/** By the gateway's last id a stream goes on where it broke off; empty begins now. */
type Place = { id: string }

/** Fetches a stream that is known to be alive: `onOpen` once it answers, an error once it falls silent. */
const streamFetch =
  (place: Place, onOpen: (isResumed: boolean) => unknown) =>
  async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const headers = new Headers(init?.headers)
    const isResumed = place.id !== ''
    if (isResumed) headers.set('last-event-id', place.id)
    const response = await registeredFetch(input, { ...init, headers })
    const type = response.headers.get('content-type') ?? ''
    if (response.status === 410) place.id = ''
    if (!response.body || !response.ok || !type.includes('event-stream')) return response
    onOpen(isResumed)
    const told = (id: string) => {
      place.id = id
    }
    return new Response(idsIn(watched(response.body), told), response)
  }

const isRefused = ({ error, data }: OperationResult<unknown>): boolean =>
  error !== undefined && !data && /^(signed-out|denied)$/.test(failureFrom(error).kind)

type Stream = { stop: () => void; openedMs: number }

/**
 * Follows a subscription until `stop`: connects again with patience after a loss, at once when the device is
 * online again or the page is looked at. Who is refused stays refused: the session decides what is shown then.
 */
export class Live<Data, Variables extends AnyVariables> {
  readonly #client: Client
  readonly #request: { document: DocumentInput<Data, Variables>; variables: Variables }
  readonly #on: LiveHandlers<Data>
  readonly #place: Place = { id: '' }
  #stream: Stream | null = null
  #attempt = 0
  #wasOpen = false
  #isRefused = false
  #retry: ReturnType<typeof setTimeout> | undefined
  #grace: ReturnType<typeof setTimeout> | undefined
  #rest: ReturnType<typeof setTimeout> | undefined

  constructor(
    client: Client,
    request: { document: DocumentInput<Data, Variables>; variables: Variables },
    on: LiveHandlers<Data>,
  ) {
    this.#client = client
    this.#request = request
    this.#on = on
    window.addEventListener('online', this.#now)
    window.addEventListener('offline', this.#lose)
    document.addEventListener('visibilitychange', this.#look)
    this.#connect()
  }

  stop(): void {
    window.removeEventListener('online', this.#now)
    window.removeEventListener('offline', this.#lose)
    document.removeEventListener('visibilitychange', this.#look)
    clearTimeout(this.#grace)
    clearTimeout(this.#rest)
    this.#disconnect()
  }

  /** Does nothing while nobody looks: `#look` connects then. */
  #connect(): void {
    if (document.visibilityState === 'hidden') return
    const { variables, document: subscription } = this.#request
    const stream: Stream = { stop: () => {}, openedMs: Number.POSITIVE_INFINITY }
    this.#stream = stream
    const opened = streamFetch(
      this.#place,
      (isResumed) => this.#stream === stream && this.#open(stream, isResumed),
    )
    const { unsubscribe } = this.#client
      .subscription(subscription, variables, {
        fetchSubscriptions: true,
        // Bun's type of fetch has `preconnect`, which no browser offers.
        fetch: opened as typeof fetch,
      })
      .subscribe((result) => this.#stream === stream && this.#take(result))
    stream.stop = unsubscribe
  }

  #open(stream: Stream, isResumed: boolean): void {
    clearTimeout(this.#grace)
    this.#grace = undefined
    stream.openedMs = Date.now()
    this.#on.onState('live')
    if (this.#wasOpen && !isResumed) this.#on.onAgain()
    this.#wasOpen = true
  }

  #take(result: OperationResult<Data, Variables>): void {
    if (isRefused(result)) this.#isRefused = true
    if (!result.hasNext || (result.error && !result.data)) this.#lose()
    else if (result.data) this.#on.onEvent(result.data)
  }

  #disconnect(): void {
    clearTimeout(this.#retry)
    const stream = this.#stream
    this.#stream = null
    // Later: urql may be in the middle of telling us of the loss.
    queueMicrotask(() => stream?.stop())
  }

  readonly #lose = (): void => {
    if (this.#stream && Date.now() - this.#stream.openedMs > soundMs) this.#attempt = 0
    this.#disconnect()
    this.#grace ??= setTimeout(() => this.#on.onState('lost'), graceMs)
    if (this.#isRefused || !navigator.onLine) return
    this.#retry = setTimeout(() => this.#connect(), retryDelay(this.#attempt, Math.random()))
    this.#attempt += 1
  }

  readonly #now = (): void => {
    if (this.#stream || this.#isRefused) return
    clearTimeout(this.#retry)
    this.#connect()
  }

  readonly #look = (): void => {
    clearTimeout(this.#rest)
    if (document.visibilityState === 'visible') this.#now()
    else this.#rest = setTimeout(() => this.#disconnect(), hiddenMs)
  }
}
