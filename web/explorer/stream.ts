type Message = { event: string; data: string; id: string | undefined }

/** One block of lines of an event stream; without an event it is a comment, such as a heartbeat. */
function messageIn(block: string): Message {
  const fields = block.split(/\r?\n/).map((line) => /^(event|data|id): ?(.*)$/.exec(line))
  const valuesOf = (name: string): string[] =>
    fields.flatMap((field) => (field?.[1] === name ? [field[2] ?? ''] : []))
  const [event = ''] = valuesOf('event')
  return { event, data: valuesOf('data').join('\n'), id: valuesOf('id').at(-1) }
}

/** Opens the stream where it broke off; null when it is refused, and rejects when nobody answers. */
export type Reopen = (lastId: string) => Promise<ReadableStream<Uint8Array> | null>

const pauseMs = 1_000
const triesMax = 60

/**
 * The results of a subscription over SSE until `complete`, one connection after the other: each goes on
 * after the last id of the one before. Throws what broke a stream that has no ids.
 */
export async function* resultsOf(
  first: ReadableStream<Uint8Array>,
  reopen: Reopen,
): AsyncGenerator<unknown> {
  let lastId = ''
  for (let body: ReadableStream<Uint8Array> | null = first; body; ) {
    try {
      for await (const { event, data, id } of messagesIn(body)) {
        if (event === 'complete') return
        if (event === 'next') yield JSON.parse(data)
        lastId = id ?? lastId
      }
      if (lastId === '') return
    } catch (error) {
      if (lastId === '') throw error
    }
    body = await reopened(reopen, lastId)
    if (!body) throw new Error('The stream broke off. Run the subscription again.')
  }
}

async function reopened(reopen: Reopen, lastId: string) {
  for (let tries = 1; ; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
    const body = await reopen(lastId).catch((error: unknown) => {
      if (tries >= triesMax) throw error
    })
    if (body !== undefined) return body
  }
}

async function* messagesIn(body: ReadableStream<Uint8Array>): AsyncGenerator<Message> {
  const decoder = new TextDecoder()
  let rest = ''
  // lib.dom does not know yet that a stream can be iterated; a reader can do it everywhere.
  const reader = body.getReader()
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    const blocks = (rest + decoder.decode(chunk.value, { stream: true })).split(/\r?\n\r?\n/)
    rest = blocks.pop() ?? ''
    yield* blocks.map(messageIn)
  }
}
