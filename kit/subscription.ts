import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { AppError } from './errors.ts'
import { eventStream } from './event-stream.ts'
import type { Place } from './place.ts'

/** What a request that may be a subscription brings along in its context. */
export type Streaming = {
  readonly streaming: {
    /** A context for one more event: what the loaders of the one before have seen is forgotten. */
    fresh(): object
    /** Where the stream stands, for whoever goes on with it. */
    readonly place: Place
    /** Nobody reads any more. */
    left(): void
    /** The answer as the client may see it. */
    masked(result: ExecutionResult): ExecutionResult
  }
}

const isStream = (value: unknown): value is AsyncIterable<ExecutionResult> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value

/** Answers each event as an operation of its own, in a context of its own. */
async function* answersTo(events: AsyncIterable<unknown>, args: ExecutionArgs) {
  // Yoga runs an operation in the context of its request.
  const context = args.contextValue as Streaming
  const { fresh, masked, place } = context.streaming
  try {
    for await (const rootValue of events) {
      yield masked(await execute({ ...args, rootValue, contextValue: { ...context, ...fresh() } }))
    }
  } catch (error) {
    if (!isLast(error)) throw error
    // Whoever reads this must not come back with the id that led to it.
    place.inHand = ''
    yield masked({ errors: [new GraphQLError(error.message, { originalError: error })] })
  }
}

/** A stream that just breaks off is gone on with; what is told instead is its end. */
const isLast = (error: unknown): error is AppError =>
  error instanceof AppError && error.code !== 'UNAVAILABLE'

async function subscribe(args: ExecutionArgs) {
  const events = await createSourceEventStream(args)
  return isStream(events) ? answersTo(events, args) : events
}

/** Subscriptions over server-sent events, with a comment every `heartbeatMs`. */
export const useSubscriptions = (heartbeatMs: number): Plugin<object, Streaming> => ({
  onSubscribe: ({ setSubscribeFn }) => setSubscribeFn(subscribe),
  onResultProcess({ request, result, resultProcessor, setResultProcessor, serverContext }) {
    // Without a processor the caller takes no events, and is told so.
    if (!resultProcessor || !isStream(result)) return
    const { left, place } = serverContext.streaming
    request.signal.addEventListener('abort', left, { once: true })
    if (request.signal.aborted) left()
    setResultProcessor(() => eventStream(result, { heartbeatMs, place, left }), 'text/event-stream')
  },
})
