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
    if (isPassing(error)) throw error
    // Whoever reads this must not come back with the id that led to it.
    place.inHand = ''
    const originalError = error instanceof Error ? error : new Error(String(error))
    yield masked({ errors: [new GraphQLError(originalError.message, { originalError })] })
  }
}

/** A stream that just breaks off is gone on with; what is told instead is its end. */
const isPassing = (error: unknown) => error instanceof AppError && error.code === 'UNAVAILABLE'

/** Subscriptions over server-sent events, with a comment every `heartbeatMs`. */
export function useSubscriptions(heartbeatMs: number): Plugin<object, Streaming> {
  /** Yoga makes an event of what breaks a stream: it must be broken off for the reader to go on. */
  const opened = new WeakMap<Streaming['streaming'], AsyncIterable<ExecutionResult>>()
  const subscribe = async (args: ExecutionArgs) => {
    const events = await createSourceEventStream(args)
    if (!isStream(events)) return events
    const answers = answersTo(events, args)
    // Yoga runs an operation in the context of its request.
    opened.set((args.contextValue as Streaming).streaming, answers)
    return answers
  }
  return {
    onSubscribe: ({ setSubscribeFn }) => setSubscribeFn(subscribe),
    onResultProcess({ request, result, resultProcessor, setResultProcessor, serverContext }) {
      const answers = opened.get(serverContext.streaming)
      // Without a processor the caller takes no events, and is told so.
      if (!resultProcessor || !answers || !isStream(result)) return
      const { left, place } = serverContext.streaming
      request.signal.addEventListener('abort', left, { once: true })
      if (request.signal.aborted) left()
      setResultProcessor(
        () => eventStream(answers, { heartbeatMs, place, left }),
        'text/event-stream',
      )
    },
  }
}
