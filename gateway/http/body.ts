import { AppError } from '#kit/errors'

const tooLarge = (bytesMax: number) =>
  new AppError('BODY_TOO_LARGE', `The request body is larger than ${bytesMax} bytes.`)

/** Reads the whole body; null when there is none. Throws BODY_TOO_LARGE without holding more than the limit. */
export async function readBody(
  request: Request,
  bytesMax: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  // The announced length saves reading; a sender may lie or leave it out, so what arrives is counted too.
  if (Number(request.headers.get('content-length') ?? 0) > bytesMax) throw tooLarge(bytesMax)
  if (!request.body) return null
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body) {
    length += chunk.byteLength
    if (length > bytesMax) throw tooLarge(bytesMax)
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks, length))
}
