/** Three heartbeats of the gateway, which sends one every 15 s. */
const silenceMs = 45_000

/** The last id of the blocks that have come whole, each told once it is there. */
export function idsIn(text: ReadableStream<Uint8Array>, told: (id: string) => void) {
  const decoder = new TextDecoder()
  let rest = ''
  const read = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, stream) => {
      stream.enqueue(chunk)
      rest += decoder.decode(chunk, { stream: true })
      const end = rest.lastIndexOf('\n\n') + 1
      const [line] =
        rest
          .slice(0, end)
          .match(/^id:.*$/gm)
          ?.slice(-1) ?? []
      if (line) told(line.slice(3).trim())
      rest = rest.slice(end)
    },
  })
  return text.pipeThrough(read)
}

/** The same stream, which ends with an error when nothing has come for too long: a lost connection may not say so. */
export function watched(
  body: ReadableStream<Uint8Array>,
  withinMs = silenceMs,
): ReadableStream<Uint8Array> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const wait = (stream: TransformStreamDefaultController<Uint8Array>): void => {
    clearTimeout(timer)
    timer = setTimeout(() => stream.error(new TypeError('The stream fell silent.')), withinMs)
  }
  const watch = new TransformStream<Uint8Array, Uint8Array>({
    start: wait,
    transform: (chunk, stream) => {
      wait(stream)
      stream.enqueue(chunk)
    },
    flush: () => clearTimeout(timer),
  })
  return body.pipeThrough(watch)
}
