/** One thing that went wrong, as GraphQL tells it. */
export type PlexusFault = {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions?: { readonly code?: string; readonly requestId?: string }
}

type Told = {
  readonly code: string
  readonly status: number
  readonly requestId: string | null
  readonly retryAfterSeconds: number | null
  readonly errors: readonly PlexusFault[]
  readonly data: unknown
}

/** A call that got no whole answer. */
export class PlexusError extends Error {
  override readonly name = 'PlexusError'
  /** Why, in one word: `RATE_LIMITED`, `BAD_USER_INPUT`; `UNREADABLE` for what is no answer of ours. */
  readonly code: string
  /** The status of the answer. */
  readonly status: number
  /** What to quote when you ask us about it. */
  readonly requestId: string | null
  /** When the same call may succeed; null where waiting does not help. */
  readonly retryAfterSeconds: number | null
  readonly errors: readonly PlexusFault[]
  /** What was answered all the same; null when that is nothing. */
  readonly data: unknown

  constructor(message: string, told: Told) {
    super(message)
    this.code = told.code
    this.status = told.status
    this.requestId = told.requestId
    this.retryAfterSeconds = told.retryAfterSeconds
    this.errors = told.errors
    this.data = told.data
  }
}

export type ClientOptions = {
  /** Where the platform is: `https://plexus.example`. */
  readonly origin: string
  /** Called for each request: an access token or an API key; null to ask as nobody. */
  readonly token?: (() => string | null | Promise<string | null>) | undefined
  /** In the place of the one that the platform has. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined
  /** For how long a call may wait before its one repetition; 30 where nothing is said. */
  readonly waitSecondsMax?: number | undefined
}

export type CallOptions = {
  readonly signal?: AbortSignal | undefined
  /** With it a change that is sent again, within 24 hours, is made once. */
  readonly idempotencyKey?: string | undefined
}

type Operation = {
  readonly id: string
  readonly kind: 'query' | 'mutation'
  /** Anybody may read it: then it is sent by GET, which caches understand. */
  readonly isPublic: boolean
}

type Call = {
  readonly operation: Operation
  readonly variables: object
  readonly options: CallOptions
}

function requestOf(client: ClientOptions, call: Call, token: string | null): Request {
  const { operation, variables, options } = call
  const url = new URL('/graphql', client.origin)
  const headers = new Headers({ accept: 'application/graphql-response+json' })
  if (token !== null) headers.set('authorization', `Bearer ${token}`)
  if (options.idempotencyKey !== undefined) headers.set('idempotency-key', options.idempotencyKey)
  const signal = options.signal ?? null
  if (operation.isPublic) {
    url.searchParams.set('documentId', operation.id)
    url.searchParams.set('variables', JSON.stringify(variables))
    return new Request(url, { headers, signal })
  }
  headers.set('content-type', 'application/json')
  const body = JSON.stringify({ documentId: operation.id, variables })
  return new Request(url, { method: 'POST', headers, signal, body })
}

type Answer = { readonly data?: unknown; readonly errors?: readonly PlexusFault[] }

const isAnswer = (value: unknown): value is Answer =>
  typeof value === 'object' && value !== null && ('data' in value || 'errors' in value)

async function answerIn(response: Response): Promise<Answer | null> {
  const value: unknown = await response.json().catch(() => null)
  return isAnswer(value) ? value : null
}

async function failureOf(response: Response, answer: Answer | null): Promise<PlexusError> {
  const errors = answer?.errors ?? []
  const { message = `The answer has status ${response.status}.`, extensions } = errors[0] ?? {}
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new PlexusError(message, {
    code: extensions?.code ?? 'UNREADABLE',
    status: response.status,
    requestId: extensions?.requestId ?? response.headers.get('x-request-id'),
    retryAfterSeconds: Number.isFinite(seconds) ? seconds : null,
    errors,
    data: answer?.data ?? null,
  })
}

const waitAsLongAs = (seconds: number, signal: AbortSignal | undefined) =>
  new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, seconds * 1_000)
    if (signal?.aborted) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })

const mayRepeat = ({ operation, options }: Call) =>
  operation.kind === 'query' || options.idempotencyKey !== undefined

/** How long to wait before the call is sent again; null when it is not. */
function pauseOf(error: PlexusError, call: Call, { waitSecondsMax = 30 }: ClientOptions) {
  const { status, retryAfterSeconds: seconds } = error
  if (seconds === null || seconds > waitSecondsMax || !mayRepeat(call)) return null
  return status === 429 || status === 503 ? seconds : null
}

/** The data of a whole answer; rejects with PlexusError, and with what `fetch` rejects with. */
async function run<Data>(client: ClientOptions, call: Call): Promise<Data> {
  for (let attempt = 1; ; attempt += 1) {
    const token = (await client.token?.()) ?? null
    const response = await (client.fetch ?? fetch)(requestOf(client, call, token))
    const answer = await answerIn(response)
    // What is registered under this id answers in this shape.
    if (answer?.data && !answer.errors) return answer.data as Data
    const error = await failureOf(response, answer)
    const pause = attempt === 1 ? pauseOf(error, call, client) : null
    if (pause === null) throw error
    await waitAsLongAs(pause, call.options.signal)
  }
}

/** Above this line is the same in every client; below it one function an operation. */
export const operationOf =
  (client: ClientOptions, operation: Operation) =>
  <Data>(variables: object, options: CallOptions = {}): Promise<Data> =>
    run<Data>(client, { operation, variables, options })
