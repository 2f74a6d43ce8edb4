import { createHash } from 'node:crypto'
import { hasTag } from './negotiate.ts'

/**
 * An answer that caches may keep gets a tag of its very bytes, and none of them when the client has
 * these already. Source: RFC 9110 sections 8.8.3 and 15.4.5.
 */
export function validated(response: Response, request: Request): Response | Promise<Response> {
  const { status, headers } = response
  const isPublic = status === 200 && headers.get('cache-control')?.startsWith('public')
  return isPublic ? tagged(response, request) : response
}

async function tagged(response: Response, request: Request): Promise<Response> {
  const { status, headers } = response
  const bytes = new Uint8Array(await response.arrayBuffer())
  const tag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
  headers.set('etag', tag)
  if (!hasTag(request.headers.get('if-none-match'), tag))
    return new Response(bytes, { status, headers })
  for (const name of ['content-type', 'content-length', 'content-encoding']) headers.delete(name)
  return new Response(null, { status: 304, headers })
}
