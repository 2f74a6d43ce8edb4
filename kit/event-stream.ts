import type { ExecutionResult } from 'graphql'
import type { Place } from './place.ts'

export type StreamOptions = {
  /** How often a comment is sent, so that nobody on the way takes the silence for an end. */
  readonly heartbeatMs: number
  readonly place: Place
  /** Called once nobody reads any more. */
  readonly left: () => void
}

const encoder = new TextEncoder()
const idLine = (id: string | null) => (id === null ? '' : `id: ${id}\n`)

/** What is sent on a stream. Source: graphql-sse, PROTOCOL.md, distinct connections mode. */
export const frames = {
  /** With an id: what the reader may say to have seen, though nothing happened. Source: HTML 9.2.6. */
  comment: (id: string | null = null) => encoder.encode(`:\n${idLine(id)}\n`),
  complete: encoder.encode('event: complete\ndata:\n\n'),
  /** With an empty id the reader forgets the one before. */
  next: (result: ExecutionResult, id: string | null = null) =>
    encoder.encode(`event: next\n${idLine(id)}data: ${JSON.stringify(result)}\n\n`),
} as const

/**
 * The answers of a subscription as server-sent events, each asked for when the reader has taken the
 * one before. Source: graphql-sse, distinct connections.
 */
export function eventStream(
  results: AsyncIterable<ExecutionResult>,
  options: StreamOptions,
): Response {
  const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }
  return new Response(bodyOf(results[Symbol.asyncIterator](), options), { headers })
}

function bodyOf(
  answers: AsyncIterator<ExecutionResult>,
  { heartbeatMs, place, left }: StreamOptions,
) {
  let heartbeat: ReturnType<typeof setInterval> | undefined
  let isOver = false
  const end = () => {
    isOver = true
    clearInterval(heartbeat)
    left()
  }
  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      // Some clients wait for the first byte before they say that they are connected.
      controller.enqueue(frames.comment())
      // Whoever is cut off before the first event can go on from here.
      void place.known.then(() => isOver || controller.enqueue(frames.comment(place.told())))
      heartbeat = setInterval(() => {
        // A reader that has something to read knows that we are here.
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(frames.comment(place.told()))
      }, heartbeatMs)
    },
    pull: async (controller) => {
      try {
        const { done, value } = await answers.next()
        if (isOver) return
        controller.enqueue(done ? frames.complete : frames.next(value, place.inHand))
        if (!done) return
      } catch {
        // Without `complete` the reader knows that there is more.
      }
      controller.close()
      end()
    },
    cancel: async () => {
      end()
      await answers.return?.()
    },
  })
}
