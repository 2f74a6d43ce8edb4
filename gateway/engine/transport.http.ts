import { requireAnswer, type Transport, type TransportDeps, transportOver } from './transport.ts'

export type HttpDeps = TransportDeps & {
  readonly url: string
  /** A longer answer counts as none: it would be held whole in memory. */
  readonly answerBytesMax: number
}

/** A subgraph across the network. Bun keeps its connections alive from request to request. */
export const httpTransport = ({ url, answerBytesMax, ...deps }: HttpDeps): Transport =>
  transportOver(deps, async (init, signal) => {
    const response = await fetch(url, { ...init, signal, redirect: 'error' })
    requireAnswer(response)
    return textWithin(response, answerBytesMax)
  })

/** Counts what arrives: an announced length may be missing, or that of the compressed text. */
async function textWithin({ body }: Response, bytesMax: number): Promise<string> {
  if (!body) return ''
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.byteLength
    if (length > bytesMax) throw new Error(`the answer is longer than ${bytesMax} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, length).toString('utf8')
}
