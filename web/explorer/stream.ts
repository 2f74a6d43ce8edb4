type Message = { event: string; data: string }

/** One block of lines of an event stream; null for a comment, such as a heartbeat. */
function messageIn(block: string): Message | null {
  const fields = block.split(/\r?\n/).map((line) => /^(event|data): ?(.*)$/.exec(line))
  const valuesOf = (name: string): string[] =>
    fields.flatMap((field) => (field?.[1] === name ? [field[2] ?? ''] : []))
  const [event] = valuesOf('event')
  return event ? { event, data: valuesOf('data').join('\n') } : null
}

/** The results of a subscription over SSE, one connection each, until `complete` or the end of the body. */
export async function* resultsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<unknown> {
  const decoder = new TextDecoder()
  let rest = ''
  // lib.dom does not know yet that a stream can be iterated; a reader can do it everywhere.
  const reader = body.getReader()
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    const blocks = (rest + decoder.decode(chunk.value, { stream: true })).split(/\r?\n\r?\n/)
    rest = blocks.pop() ?? ''
    for (const message of blocks.map(messageIn)) {
      if (message?.event === 'complete') return
      if (message?.event === 'next') yield JSON.parse(message.data)
    }
  }
}
