const encoder = new TextEncoder()
const comment = encoder.encode(':\n\n')

/** One event stream that the results of many operations share. */
export type Line = {
  readonly body: ReadableStream<Uint8Array>
  /** Resolves once it is on its way: who writes waits for a client that reads slowly. */
  write(frame: string): Promise<void>
  /** Safe to call again. */
  close(): void
}

/** `left` is called once, when the client has gone or the line was closed. */
export function createLine(heartbeatMs: number, left: () => void): Line {
  const waiting = new Set<() => void>()
  let out: ReadableStreamDefaultController<Uint8Array> | null = null
  const hasRoom = () => (out?.desiredSize ?? 0) > 0
  const wake = () => {
    for (const one of waiting) one()
    waiting.clear()
  }
  const heartbeat = setInterval(() => {
    if (hasRoom()) out?.enqueue(comment)
  }, heartbeatMs)
  const end = () => {
    if (out === null) return
    out = null
    clearInterval(heartbeat)
    wake()
    left()
  }
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      out = controller
      controller.enqueue(comment)
    },
    pull: wake,
    cancel: end,
  })
  return {
    body,
    write: async (frame) => {
      while (out && !hasRoom()) await new Promise<void>((resolve) => waiting.add(resolve))
      out?.enqueue(encoder.encode(frame))
    },
    close: () => {
      out?.close()
      end()
    },
  }
}
