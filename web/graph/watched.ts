/** Three heartbeats of the gateway, which sends one every 15 s. */
const silenceMs = 45_000

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
