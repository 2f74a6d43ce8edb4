import type { ExecutionResult } from 'graphql'

export type StreamOptions = {
  /** How often a comment is sent, so that nobody on the way takes the silence for an end. */
  readonly heartbeatMs: number
  /** Called once nobody reads any more. */
  readonly left: () => void
}

const encoder = new TextEncoder()

/** What is sent on a stream. Source: graphql-sse, PROTOCOL.md, distinct connections mode. */
export const frames = {
  comment: encoder.encode(':\n\n'),
  complete: encoder.encode('event: complete\ndata:\n\n'),
  next: (result: ExecutionResult) =>
    encoder.encode(`event: next\ndata: ${JSON.stringify(result)}\n\n`),
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

function bodyOf(answers: AsyncIterator<ExecutionResult>, { heartbeatMs, left }: StreamOptions) {
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
      controller.enqueue(frames.comment)
      heartbeat = setInterval(() => {
        // A reader that has something to read knows that we are here.
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(frames.comment)
      }, heartbeatMs)
    },
    pull: async (controller) => {
      try {
        const { done, value } = await answers.next()
        if (isOver) return
        controller.enqueue(done ? frames.complete : frames.next(value))
        if (!done) return
        controller.close()
      } catch (error) {
        controller.error(error)
      }
      end()
    },
    cancel: async () => {
      end()
      await answers.return?.()
    },
  })
}
