import type { ExecutionResult } from 'graphql'
import { AppError } from '#kit/errors'
import { frames } from '#kit/event-stream'
import type { Place } from '#kit/place'
import { endedByUs, type Seat } from '../streams.ts'
import type { StreamIds } from './event-id.ts'
import { failedResult } from './public-result.ts'

export type StreamOptions = {
  readonly seat: Pick<Seat, 'signal' | 'leave'>
  /** A comment is sent this often, so that nothing in between takes the line for dead. */
  readonly heartbeatMs: number
  /** How far the stream is, and how the client is told of it. */
  readonly place: Place
  readonly ids: Pick<StreamIds, 'seal'>
  /** What the client may see of a result. */
  readonly toldOf: (result: ExecutionResult) => ExecutionResult
}

const { comment, complete, next } = frames

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Source: nginx, ngx_http_proxy_module, proxy_buffering.
  'x-accel-buffering': 'no',
}

/**
 * The results as server-sent events, each asked for when the client has taken the one before.
 * Source: graphql-sse, PROTOCOL.md, distinct connections mode.
 */
export function eventStream(
  results: AsyncIterable<ExecutionResult>,
  { seat, heartbeatMs, place, ids, toldOf }: StreamOptions,
): Response {
  const iterator = results[Symbol.asyncIterator]()
  let isOver = false
  let heartbeat: ReturnType<typeof setInterval> | undefined
  const idOf = (id: string | null) => (id === null ? null : ids.seal(id))
  const letGo = () => {
    isOver = true
    clearInterval(heartbeat)
    seat.leave()
    // A fault on the way out reaches nobody any more.
    void iterator.return?.().catch(() => {})
  }
  const end = (controller: Controller, error: unknown) => {
    if (isOver) return
    letGo()
    if (error !== endedByUs && error !== unfinished)
      controller.enqueue(next(toldOf(failedResult(error))))
    if (error !== unfinished) controller.enqueue(complete)
    controller.close()
  }
  const reason = () => {
    const why: unknown = seat.signal.reason
    // Any other reason is the client's own going away.
    if (!(why instanceof AppError)) return endedByUs
    return why === endedByUs && place.told() !== null ? unfinished : why
  }
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      // Headers alone may wait in a buffer on their way.
      controller.enqueue(comment())
      const onAbort = () => end(controller, reason())
      if (seat.signal.aborted) return onAbort()
      seat.signal.addEventListener('abort', onAbort, { once: true })
      const tellPlace = () => isOver || controller.enqueue(comment(idOf(place.told())))
      // A client that is cut off before the first event goes on from here.
      void place.known.then(tellPlace)
      heartbeat = setInterval(() => {
        // A client that does not read gets nothing on top of what waits for it.
        if ((controller.desiredSize ?? 0) > 0) tellPlace()
      }, heartbeatMs)
    },
    pull: async (controller) => {
      try {
        const { done, value } = await iterator.next()
        if (done) return end(controller, endedByUs)
        if (isOver) return
        const told = toldOf(value)
        controller.enqueue(next(told, isMissed(told) ? '' : idOf(place.inHand)))
      } catch (error) {
        end(controller, error)
      }
    },
    cancel: letGo,
  })
  return new Response(body, { headers })
}

type Controller = ReadableStreamDefaultController<Uint8Array>

/** Why a stream stops that a client can go on with: one that is told of an end would not. */
const unfinished = Symbol('unfinished')

/** Whoever came back with the same id would be told the same again. */
const isMissed = ({ errors }: ExecutionResult) =>
  errors?.some(({ extensions }) => extensions.code === 'EVENTS_MISSED') ?? false

/** One result for a client that reads nothing but events. */
export const singleEvent = (result: ExecutionResult): Response =>
  new Response(Buffer.concat([next(result), complete]), { headers })

/** True when the client asks for text: one that takes anything would wait for an end. */
export const takesEvents = ({ headers }: Request): boolean =>
  /(^|,)\s*text\/(event-stream|\*)\s*(;|,|$)/i.test(headers.get('accept') ?? '')
