import { encodingFor } from './negotiate.ts'

const worthCompressing = 1_024
/** Two thirds of the time of level 6, at less than one percent more bytes. */
const level = 4

const isJson = ({ headers }: Response) =>
  /^application\/(graphql-response\+)?json\b/.test(headers.get('content-type') ?? '')

/**
 * The same answer, as gzip when it is long JSON and the client takes that. Brotli is for files: it
 * is too slow for what is made anew each time.
 *
 * Length tells a secret only where an attacker's text stands beside it (BREACH). No answer here
 * holds a credential, and no page of another site can make a browser ask with its cookie.
 */
export function compressed(response: Response, request: Request): Response | Promise<Response> {
  response.headers.append('vary', 'accept-encoding')
  const wanted = encodingFor(request.headers.get('accept-encoding'), ['gzip'])
  if (!wanted || !isJson(response) || response.headers.has('content-encoding')) return response
  return zipped(response, wanted)
}

async function zipped(response: Response, encoding: string): Promise<Response> {
  const bytes = new Uint8Array(await response.arrayBuffer())
  const { status, headers } = response
  if (bytes.byteLength < worthCompressing) return new Response(bytes, { status, headers })
  headers.set('content-encoding', encoding)
  headers.delete('content-length')
  return new Response(Bun.gzipSync(bytes, { level }), { status, headers })
}
