/**
 * One kept-alive HTTP/1.1 connection for a generator that costs next to nothing beside what it
 * measures. Reads Content-Length and chunked bodies; nothing else that a gateway may send.
 */
export type Answer = { readonly status: number; readonly body: Buffer }

export type Connection = {
  /**
   * One request at a time. Opens the connection again where the gateway has closed it meanwhile.
   * Rejects when that happens before an answer is whole, or nothing comes for `answerMaxMs`.
   */
  send(request: Uint8Array): Promise<Answer>
  close(): void
}

const answerMaxMs = 20_000

type Line = {
  readonly socket: Bun.Socket
  /** Rejects when the line is closed before an answer is whole. */
  answerTo(request: Uint8Array): Promise<Answer>
  isOpen(): boolean
}

export function connectionTo(port: number): Connection {
  let line: Promise<Line> | null = null
  const openLine = async () => {
    const open = await line
    if (open?.isOpen()) return open
    line = lineTo(port)
    return line
  }
  return {
    send: async (request) => (await openLine()).answerTo(request),
    close: () => void line?.then(({ socket }) => socket.end()),
  }
}

async function lineTo(port: number): Promise<Line> {
  let waiting: PromiseWithResolvers<Answer> | null = null
  let read = readerOf()
  let isOpen = true
  let unsent: Uint8Array = Buffer.alloc(0)
  const flush = (socket: Bun.Socket) => {
    const sent = socket.write(unsent)
    if (sent > 0) unsent = unsent.subarray(sent)
  }
  const fail = (_: Bun.Socket, cause?: unknown) => {
    isOpen = false
    waiting?.reject(new Error('The connection ended before the answer was whole.', { cause }))
  }
  const data = (_: Bun.Socket, bytes: Buffer) => {
    const answer = read(bytes)
    if (!answer) return
    read = readerOf()
    waiting?.resolve(answer)
  }
  const handlers = { data, drain: flush, close: fail, end: fail, error: fail, timeout: fail }
  const socket = await Bun.connect({ hostname: '127.0.0.1', port, socket: handlers })
  return {
    socket,
    isOpen: () => isOpen,
    answerTo: (request) => {
      waiting = Promise.withResolvers()
      unsent = request
      socket.timeout(answerMaxMs / 1_000)
      flush(socket)
      return waiting.promise
    },
  }
}

type Head = { readonly status: number; readonly end: number; readonly length: number | null }

/** Takes what has arrived; gives the answer once all of it is there. */
function readerOf(): (bytes: Buffer) => Answer | null {
  const received: Buffer[] = []
  let head: Head | null = null
  let length = 0
  return (bytes) => {
    received.push(Buffer.from(bytes))
    length += bytes.length
    head ??= headIn(joined(received))
    if (!head) return null
    if (head.length !== null)
      return length < head.end + head.length
        ? null
        : { status: head.status, body: joined(received).subarray(head.end) }
    // The last chunk ends with a line break.
    if (bytes.at(-1) !== 10) return null
    const body = chunkedIn(joined(received).subarray(head.end))
    return body && { status: head.status, body }
  }
}

/** One buffer in the place of several. */
function joined(received: Buffer[]): Buffer {
  if (received.length > 1) received.splice(0, received.length, Buffer.concat(received))
  return received[0] ?? Buffer.alloc(0)
}

function headIn(bytes: Buffer): Head | null {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return null
  const text = bytes.toString('latin1', 0, end)
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1]
  return { status: Number(text.slice(9, 12)), end: end + 4, length: length ? Number(length) : null }
}

/** The chunks put together; null while the last one, of length 0, is missing. */
function chunkedIn(bytes: Buffer): Buffer | null {
  const chunks: Buffer[] = []
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return null
    const length = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    if (length === 0) return Buffer.concat(chunks)
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + length))
    at = lineEnd + 4 + length
    if (at > bytes.length) return null
  }
}
