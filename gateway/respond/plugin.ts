import type { ExecutionResult } from 'graphql'
import type { Log } from '#kit/log'
import { createPlace, type Place } from '#kit/place'
import type { Exchange } from '../exchange.ts'
import type { GraphContext, GraphPlugin } from '../graph.ts'
import type { OpenStreams, Seat } from '../streams.ts'
import { answerWith, headersFor, isComplete } from './answer.ts'
import { type Asked, type EventIds, ownEventIds, type StreamIds } from './event-id.ts'
import { notAcceptable, toldResult } from './public-result.ts'
import { eventStream, takesEvents } from './stream.ts'

export type RespondDeps = {
  readonly log: Log
  readonly streams: OpenStreams
  readonly heartbeatMs: number
  /** Where none are shared, a stream is resumed on this instance alone. */
  readonly eventIds?: EventIds | undefined
}

/** What is known of a stream before it opens. */
type Taken = { readonly seat: Seat; readonly place: Place; readonly ids: StreamIds }

/**
 * Stage 6, how it leaves: errors fit for the client, the status, the stream of a subscription, and
 * what caches may keep.
 */
export function useRespond(deps: RespondDeps): GraphPlugin {
  const streams = new WeakMap<Exchange, Taken>()
  const { eventIds = ownEventIds() } = deps
  const complete = new WeakSet<Exchange>()
  return {
    onSubscribe: ({ args, subscribeFn, setSubscribeFn }) => {
      const { exchange } = args.contextValue
      setSubscribeFn(async () => {
        requireEventReader(exchange)
        const ids = eventIds.of(exchange, askedBy(args))
        const seat = deps.streams.take(exchange)
        const place = createPlace(ids.after)
        streams.set(exchange, { seat, place, ids })
        exchange.place = place
        exchange.signal = seat.signal
        return seated(seat, async () => subscribeFn(args))
      })
    },
    onResultProcess: ({ result, setResultProcessor, serverContext: { exchange } }) => {
      if (Array.isArray(result)) return
      if (isStream(result)) {
        const taken = streams.get(exchange)
        if (!taken) throw new Error('A stream came without its place.')
        const toldOf = (one: ExecutionResult) => toldResult(one, exchange, deps.log)
        const stream = eventStream(result, { ...taken, heartbeatMs: deps.heartbeatMs, toldOf })
        return setResultProcessor(() => stream, eventType)
      }
      if (isComplete(result)) complete.add(exchange)
      const response = answerWith(result, { exchange, log: deps.log })
      setResultProcessor(() => response, eventType)
    },
    onResponse: ({ response, serverContext: { exchange } }) => {
      const headers = headersFor(exchange, complete.has(exchange))
      for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
    },
  }
}

const eventType = 'text/event-stream'

type Args = {
  readonly contextValue: GraphContext & { readonly params: { readonly query?: string | null } }
  readonly variableValues?: unknown
  readonly operationName?: string | null
}

const askedBy = ({ contextValue, variableValues, operationName }: Args): Asked => ({
  text: contextValue.params.query ?? '',
  operationName: operationName ?? null,
  variables: variableValues ?? null,
})

/** Said before the subgraph is asked for a stream that nobody could read. */
function requireEventReader({ request }: Exchange): void {
  if (takesEvents(request)) return
  throw notAcceptable('A subscription is answered as text/event-stream: accept that type.')
}

/** Only a stream keeps the place that was taken for it. */
async function seated<Result extends object>(seat: Seat, open: () => Promise<Result>) {
  try {
    const result = await open()
    if (!isStream(result)) seat.leave()
    return result
  } catch (error) {
    seat.leave()
    throw error
  }
}

const isStream = <Result extends object>(
  result: Result,
): result is Extract<Result, AsyncIterable<unknown>> => Symbol.asyncIterator in result
