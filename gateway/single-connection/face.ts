import { AppError } from '#kit/errors'
import type { Log } from '#kit/log'
import type { Exchange, Stage } from '../exchange.ts'
import { endedByUs, type OpenStreams } from '../streams.ts'
import { createLine } from './line.ts'
import { isStream, postedIn, pumped, runOn } from './operation.ts'
import { createReservations, type Reservation, type ReservationLimits } from './reservations.ts'
import { type Tokens, tokenOf } from './token.ts'

export const streamPath = '/graphql/stream'

export type SingleConnectionDeps = {
  readonly tokens: Tokens
  readonly streams: OpenStreams
  readonly limits: ReservationLimits
  readonly heartbeatMs: number
  readonly deadlineMs: number
  readonly log: Pick<Log, 'warn'>
}

type Face = { readonly owns: (path: string) => boolean; readonly handle: Stage }

/** What an operation may still tell when the line ends: that it ended, and why. */
const lastWordsMs = 250

/**
 * One event stream for all operations of a client: PUT reserves it, GET opens it, POST runs an
 * operation whose results it carries, DELETE ends one. Source: graphql-sse, PROTOCOL.md, single
 * connection mode.
 */
export function singleConnection(deps: SingleConnectionDeps): Face {
  const reservations = createReservations(deps.limits, deps.tokens.make)
  const found = (exchange: Exchange) =>
    reservations.find(tokenOf(exchange.request, exchange.url), exchange)

  const reserve: Stage = async (exchange) => {
    const { token } = reservations.make(exchange)
    return new Response(token, { status: 201, headers: plain })
  }
  const opened: Stage = async (exchange) => {
    const reservation = found(exchange)
    if (reservation.line) throw new AppError('CONFLICT', 'The stream is open already.')
    return new Response(open(deps, reservation, exchange, reservations.end), { headers: events })
  }
  const ended: Stage = async (exchange) => {
    const id = exchange.url.searchParams.get('operationId') ?? ''
    found(exchange).operations.get(id)?.abort(endedByUs)
    return new Response(null, { status: 200, headers: plain })
  }
  const methods = new Map<string, Stage>([
    ['PUT', reserve],
    ['GET', opened],
    ['POST', (exchange, next) => run(deps, found(exchange), exchange, next)],
    ['DELETE', ended],
  ])
  return {
    owns: (path) => path === streamPath,
    handle: async (exchange, next) => {
      const handle = methods.get(exchange.request.method)
      if (!handle)
        throw new AppError('METHOD_NOT_ALLOWED', 'PUT, GET, POST and DELETE are answered.')
      return handle(exchange, next)
    },
  }
}

const plain = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }
const events = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Source: nginx, ngx_http_proxy_module, proxy_buffering.
  'x-accel-buffering': 'no',
}

/** The line ends with its client, its session and this instance, as any other stream. */
function open(
  { streams, heartbeatMs }: SingleConnectionDeps,
  reservation: Reservation,
  exchange: Exchange,
  end: (reservation: Reservation) => void,
) {
  const seat = streams.take(exchange)
  const line = createLine(heartbeatMs, () => {
    seat.leave()
    end(reservation)
  })
  reservation.line = line
  const close = () => setTimeout(() => end(reservation), lastWordsMs)
  seat.signal.addEventListener('abort', close, { once: true })
  if (seat.signal.aborted) close()
  return line.body
}

async function run(
  deps: SingleConnectionDeps,
  { line, operations }: Reservation,
  exchange: Exchange,
  next: () => Promise<Response>,
): Promise<Response> {
  if (!line) throw new AppError('CONFLICT', 'Open the stream first.')
  const posted = await postedIn(exchange)
  const id = posted.operationId
  if (operations.has(id)) throw new AppError('CONFLICT', 'An operation of this id is running.')
  const own = new AbortController()
  operations.set(id, own)
  const { signal } = own
  const { requestId } = exchange
  const over = () => operations.delete(id)
  const { deadlineMs } = deps
  const response = await runOn({ exchange, next, posted, signal, deadlineMs }).catch((cause) => {
    over()
    throw cause
  })
  if (!isStream(response)) {
    over()
    return response
  }
  void pumped(response, line, { id, signal })
    .catch((error: unknown) => deps.log.warn(`The stream of request ${requestId} broke off`, error))
    .finally(over)
  return new Response(null, { status: 202, headers: plain })
}
