import { AppError } from '#kit/errors'

const tooLarge = (bytesMax: number) =>
  new AppError('BODY_TOO_LARGE', `The request body is larger than ${bytesMax} bytes.`)

/**
 * The same request with its whole body in memory. Throws BODY_TOO_LARGE without holding more than
 * the limit.
 */
export async function withBodyRead(request: Request, bytesMax: number): Promise<Request> {
  // The announced length saves reading; a sender may lie or leave it out, so what arrives is
  // counted too.
  if (Number(request.headers.get('content-length') ?? 0) > bytesMax) throw tooLarge(bytesMax)
  if (!request.body) return request
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body) {
    length += chunk.byteLength
    if (length > bytesMax) throw tooLarge(bytesMax)
    chunks.push(chunk)
  }
  const { url, method, headers, signal } = request
  return new Request(url, { method, headers, signal, body: Buffer.concat(chunks, length) })
}
