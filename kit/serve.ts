import { AsyncLocalStorage } from 'node:async_hooks'
import { errorResponse } from './errors.ts'
import { type Checks, createHealth, type Health } from './health.ts'
import { listen } from './listen.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { span, traceId, withRemoteTrace } from './trace.ts'

export type RequestInfo = {
  readonly requestId: string
  /** Looked up when it is read, and empty when the client has gone by then. */
  readonly clientAddress: string
}

/** Stands before everything else: a request for which there is no room costs next to nothing. */
export type Gate = {
  /** Null for who may come in, and leaves afterwards; else the answer of who may not. */
  enter(request: Request): Response | null
  leave(): void
}

type Options = {
  readonly service: string
  /** 0 takes any free port. */
  readonly port: number
  /** The environment variable named in the message when the port is taken. */
  readonly portSetting: string
  readonly hostname?: string
  readonly fetch: (request: Request, info: RequestInfo) => Promise<Response>
  readonly checks?: Checks
  /** Probes pass it; without one everybody comes in. */
  readonly gate?: Gate | undefined
  readonly log: Log
  readonly metrics: Metrics
  readonly idleTimeoutSeconds?: number
  readonly bodyBytesMax?: number
  /** How many proxies of ours append to X-Forwarded-For; with 0 the header is not believed. */
  readonly trustedProxies?: number
  /**
   * How long /readyz says 503 before the port closes, so that a balancer notices; requests are
   * still answered.
   */
  readonly noticeMs?: number
  /** Called when the port closes: ends the streams that nothing else would end. */
  readonly closing?: () => void
  /** What still runs this long after the port has closed is cut off. */
  readonly drainMs?: number
}

/** A part of a process that can be stopped. */
export type Stoppable = { stop(): Promise<void> }

export type Running = {
  readonly url: URL
  /**
   * /readyz answers 503, then the port closes, then requests in flight finish. Safe to call again.
   */
  stop(): Promise<void>
}

/** What handlers tell about the request that they answer, for its log line and its metrics. */
type Annotations = {
  userId?: string | null
  /** Who acts in the name of that user, when it is somebody else. */
  actorId?: string | null
  operation?: string | null
  /** A pattern from a closed list; the metrics label. */
  route?: string
}

const current = new AsyncLocalStorage<Annotations & { readonly requestId: string }>()

/** Adds to the log line of the request that is being answered; does nothing outside one. */
export const annotate = (fields: Annotations): void => {
  const store = current.getStore()
  if (store) Object.assign(store, fields)
}

/** The id of the request that is being answered; null outside one. */
export const currentRequestId = (): string | null => current.getStore()?.requestId ?? null

const saneId = /^[\w-]{1,64}$/

/** The caller's id if it is safe to log and to send on, else a new one. */
export const requestIdFrom = (headers: Headers): string => {
  const given = headers.get('x-request-id') ?? ''
  return saneId.test(given) ? given : crypto.randomUUID()
}

/** Each proxy appends the address it saw, so the one before our outermost proxy is the client's. */
function clientAddressFrom(request: Request, peer: string, trustedProxies: number): string {
  if (trustedProxies === 0) return peer
  const hops = (request.headers.get('x-forwarded-for') ?? '').split(',').map((hop) => hop.trim())
  return hops.at(-trustedProxies) || peer
}

const knownRoutes = new Set(['/graphql', '/healthz', '/readyz'])

/** Starts answering; `fetch` may throw: the client gets a masked error. Throws PortTakenError. */
export async function serve(options: Options): Promise<Running> {
  const { log, trustedProxies = 0, noticeMs = 0, drainMs = 20_000 } = options
  const health = createHealth({ checks: options.checks ?? {}, log })
  const answering = { ...options, health }
  const server = listen({
    ...options,
    hostname: options.hostname ?? '127.0.0.1',
    fetch: gated(options.gate, async (request, bun) => {
      const addressOf = () =>
        clientAddressFrom(request, bun.requestIP(request)?.address ?? '', trustedProxies)
      const response = await answer(request, addressOf, answering)
      if (!isEventStream(response)) return response
      // Bun 1.4.5 counts a line as idle while we write to it; heartbeats alone do not keep it.
      bun.timeout(request, 0)
      // Nothing would end such a line afterwards: anybody could keep as many as they like.
      response.headers.set('connection', 'close')
      return response
    }),
  })
  const drain = async () => {
    health.drain()
    log.info('Draining')
    await Bun.sleep(noticeMs)
    options.closing?.()
    // Bun closes the port, then waits for every response, streamed bodies included.
    const cut = setTimeout(() => void server.stop(true), drainMs)
    await server.stop()
    clearTimeout(cut)
    log.info('Stopped')
  }
  let stopped: Promise<void> | undefined
  log.info(`Listening on ${server.url.origin}`)
  return {
    url: server.url,
    stop: () => {
      stopped ??= drain()
      return stopped
    },
  }
}

type Fetch = (request: Request, server: Bun.Server<undefined>) => Promise<Response>

function gated(gate: Gate | undefined, fetch: Fetch) {
  if (!gate) return fetch
  const passed: Fetch = async (request, server) => {
    try {
      return await fetch(request, server)
    } finally {
      gate.leave()
    }
  }
  return (request: Request, server: Bun.Server<undefined>) => {
    const refusal = gate.enter(request)
    if (!refusal) return passed(request, server)
    return probes[pathnameOf(request.url)] ? fetch(request, server) : refusal
  }
}

const isEventStream = ({ headers }: Response) =>
  headers.get('content-type')?.startsWith('text/event-stream') ?? false

let last = { url: '', pathname: '' }

/** A busy port is asked for one and the same address, over and over. */
function pathnameOf(url: string): string {
  if (url !== last.url) last = { url, pathname: new URL(url).pathname }
  return last.pathname
}

type Answering = Pick<Options, 'fetch' | 'log' | 'metrics'> & { readonly health: Health }

/** One request from arrival to its log line. */
function answer(
  request: Request,
  addressOf: () => string,
  answering: Answering,
): Promise<Response> {
  const pathname = pathnameOf(request.url)
  const requestId = requestIdFrom(request.headers)
  request.headers.set('x-request-id', requestId)
  const seen = { requestId, userId: null, operation: null }
  const route = knownRoutes.has(pathname) ? pathname : 'other'
  const info = {
    ...{ pathname, requestId },
    get clientAddress() {
      return addressOf()
    },
  }
  const work = () => respond(request, info, answering)
  return current.run({ ...seen, route }, () =>
    withRemoteTrace(request.headers, () =>
      span(`${request.method} ${route}`, { 'request.id': requestId }, work),
    ),
  )
}

async function respond(
  request: Request,
  info: RequestInfo & { readonly pathname: string },
  { fetch, health, log, metrics }: Answering,
): Promise<Response> {
  const { pathname, requestId } = info
  const startedAt = performance.now()
  const probe = probes[pathname]
  let response: Response
  try {
    response = await (probe ? probe(health) : fetch(request, info))
  } catch (error) {
    response = errorResponse(error, requestId, log)
  }
  response.headers.set('x-request-id', requestId)
  const durationMs = performance.now() - startedAt
  const seen = current.getStore()
  const { userId = null, actorId = null, operation = null, route = 'other' } = seen ?? {}
  const { method } = request
  const { status } = response
  metrics.request({ route, method, status, seconds: durationMs / 1_000 })
  log.request(
    {
      requestId,
      userId,
      actorId,
      endpoint: pathname,
      method,
      statusCode: status,
      durationMs,
      traceId: traceId(),
      operation,
    },
    probe ? 'debug' : undefined,
  )
  return response
}

const probes: Readonly<Record<string, (health: Health) => Response | Promise<Response>>> = {
  '/healthz': (health) => health.live(),
  '/readyz': (health) => health.ready(),
}

/** A terminal and the runners between it and us may each pass on the same Ctrl-C. */
const sameSignalMs = 1_000

/**
 * Never resolves: on SIGTERM or SIGINT it runs `stop` once and ends the process, with 1 when `stop`
 * fails.
 */
export function untilSignal(stop: () => Promise<void>, log?: Log): Promise<never> {
  let stoppingSince: number | null = null
  const end = () => {
    // A second Ctrl-C means: now.
    if (stoppingSince !== null && performance.now() - stoppingSince > sameSignalMs)
      process.exit(130)
    if (stoppingSince !== null) return
    stoppingSince = performance.now()
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log?.error('The service did not stop cleanly', error)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  return new Promise(() => {})
}

/**
 * For a process that starts part by part: a signal stops what is in `started`, the last one first.
 * Ask for it before the first part, or a signal in between ends the process with nothing stopped.
 */
export function untilSignalWith(log?: Log): { started: Stoppable[]; ended: Promise<never> } {
  const started: Stoppable[] = []
  const ended = untilSignal(async () => {
    for (const part of started.splice(0).reverse()) await part.stop()
  }, log)
  return { started, ended }
}
