import { AppError } from '#kit/errors'

const tooLarge = (bytesMax: number) =>
  new AppError('BODY_TOO_LARGE', `The request body is larger than ${bytesMax} bytes.`)

type Bounds = { readonly bytesMax: number; readonly signal: AbortSignal }

/** True when the sender says how much there will be, and HTTP holds them to it. */
export const isAnnounced = ({ method, headers }: Request): boolean =>
  method === 'POST' && headers.has('content-length')

/**
 * The text of a body whose length was announced: read at once, at a fraction of what reading piece
 * by piece costs. Throws BODY_TOO_LARGE.
 */
export async function announcedText(request: Request, bytesMax: number): Promise<string> {
  if (Number(request.headers.get('content-length')) > bytesMax) throw tooLarge(bytesMax)
  const text = await request.text()
  // A sender without a socket is held to nothing.
  if (text.length > bytesMax) throw tooLarge(bytesMax)
  return text
}

/**
 * The same request with its whole body in memory; null when the signal aborts before all of it has
 * arrived. Throws BODY_TOO_LARGE without holding more than the limit.
 */
export async function withBodyRead(request: Request, bounds: Bounds): Promise<Request | null> {
  // The announced length saves reading; a sender may lie or leave it out, so what arrives is
  // counted too.
  const { bytesMax } = bounds
  if (Number(request.headers.get('content-length') ?? 0) > bytesMax) throw tooLarge(bytesMax)
  if (!request.body) return request
  const body = await bytesOf(request.body, bounds)
  if (!body) return null
  const { url, method, headers, signal } = request
  return new Request(url, { method, headers, signal, body })
}

/** A sender who trickles is cut off at the deadline: the pending read ends as if all were there. */
async function bytesOf(stream: ReadableStream<Uint8Array>, { bytesMax, signal }: Bounds) {
  const reader = stream.getReader()
  const cancel = () => void reader.cancel().catch(() => {})
  signal.addEventListener('abort', cancel, { once: true })
  if (signal.aborted) cancel()
  try {
    const chunks: Uint8Array[] = []
    let length = 0
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      length += next.value.byteLength
      if (length > bytesMax) throw tooLarge(bytesMax)
      chunks.push(next.value)
    }
    return signal.aborted ? null : Buffer.concat(chunks, length)
  } catch (error) {
    cancel()
    throw error
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}
