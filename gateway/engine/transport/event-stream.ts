import type { SubgraphEvent } from './transport.ts'

export type Reading = {
  /** Ends the reading, as if the other side had said that it is complete. */
  readonly signal: AbortSignal
  /** A longer event counts as a fault: it would be held whole in memory. */
  readonly eventBytesMax: number
  /** A sender that is alive sends at least a comment this often. */
  readonly silenceMs: number
}

/**
 * Each `next` event, and each id that comes without one, until `complete`. Throws when the stream breaks off, falls silent or
 * sends what is too long. Source: graphql-sse, distinct connections; HTML 9.2.6 for the format.
 */
export async function* eventsIn(
  body: ReadableStream<Uint8Array>,
  reading: Reading,
): AsyncGenerator<SubgraphEvent, void> {
  const { signal } = reading
  for await (const { name, data, id } of blocksIn(body, reading)) {
    if (name === 'complete') return
    if (name === 'next') yield { data, id }
    else if (name === '' && id !== null) yield { data: null, id }
  }
  if (!signal.aborted) throw new Error('the stream ended before it was complete')
}

type Block = { readonly name: string; readonly data: string; readonly id: string | null }

async function* blocksIn(
  body: ReadableStream<Uint8Array>,
  reading: Reading,
): AsyncGenerator<Block, void> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of chunksOf(body, reading)) {
    // A CR and its LF may come in two pieces; no JSON holds either of them bare.
    text = `${text}${decoder.decode(bytes, { stream: true })}`.replaceAll('\r', '')
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    yield* blocks.map(blockFrom)
    if (text.length > reading.eventBytesMax)
      throw new Error(`an event is longer than ${reading.eventBytesMax} bytes`)
  }
}

/** A line without a name is a comment: what keeps the connection alive. */
function blockFrom(text: string): Block {
  const lines = text.split('\n')
  const valuesOf = (field: string) =>
    lines
      .filter((line) => line.startsWith(`${field}:`))
      .map((line) => line.slice(field.length + 1).replace(/^ /, ''))
  const id = valuesOf('id').at(-1) ?? null
  return { name: valuesOf('event').at(-1) ?? '', data: valuesOf('data').join('\n'), id }
}

/** Whoever stops reading, or whose signal aborts, cancels the body at once. */
async function* chunksOf(body: ReadableStream<Uint8Array>, { signal, silenceMs }: Reading) {
  const reader = body.getReader()
  const cancel = () => void reader.cancel().catch(() => {})
  let isSilent = false
  const silent = () => {
    isSilent = true
    cancel()
  }
  signal.addEventListener('abort', cancel, { once: true })
  if (signal.aborted) cancel()
  let timer = setTimeout(silent, silenceMs)
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      clearTimeout(timer)
      yield next.value
      timer = setTimeout(silent, silenceMs)
    }
    if (isSilent) throw new Error(`nothing came for ${silenceMs} ms`)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', cancel)
    cancel()
  }
}
