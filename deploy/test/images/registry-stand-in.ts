import { digestOf } from '../../images/digest.ts'

/** The part of the distribution API that our client speaks, with tokens as the public registries have them. */
export function standInRegistry({ password }: { readonly password: string }) {
  const stored = new Map<string, { bytes: Uint8Array; type: string }>()
  const uploads: string[] = []
  const authorization = `Basic ${Buffer.from(`robot:${password}`).toString('base64')}`
  const token = 'token-of-the-stand-in'

  const challenge = (origin: string) =>
    new Response(null, {
      status: 401,
      headers: { 'www-authenticate': `Bearer realm="${origin}/token",service="stand-in"` },
    })

  function give(path: string, method: string) {
    const found = stored.get(path)
    if (!found) return new Response(null, { status: 404 })
    const headers = { 'content-type': found.type, 'docker-content-digest': digestOf(found.bytes) }
    return new Response(method === 'HEAD' ? null : new Uint8Array(found.bytes), { headers })
  }

  async function take(request: Request, { pathname, searchParams }: URL) {
    const bytes = new Uint8Array(await request.arrayBuffer())
    const type = request.headers.get('content-type') ?? ''
    const wanted = searchParams.get('digest')
    if (wanted && digestOf(bytes) !== wanted) return new Response('no such bytes', { status: 400 })
    const folder = pathname.replace(/\/(blobs|manifests)\/.*$/, '')
    const kind = pathname.includes('/manifests/') ? 'manifests' : 'blobs'
    stored.set(`${folder}/${kind}/${digestOf(bytes)}`, { bytes, type })
    if (kind === 'manifests') stored.set(pathname, { bytes, type })
    else uploads.push(digestOf(bytes))
    return new Response(null, { status: 201 })
  }

  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: async (request) => {
      const url = new URL(request.url)
      if (url.pathname === '/token')
        return request.headers.get('authorization') === authorization
          ? Response.json({ token })
          : Response.json({ token: 'of-nobody' })
      const isReading = ['GET', 'HEAD'].includes(request.method)
      const given = request.headers.get('authorization')
      if (!isReading && given !== `Bearer ${token}`)
        return given ? new Response('not yours', { status: 403 }) : challenge(url.origin)
      if (isReading) return give(url.pathname, request.method)
      if (request.method === 'PUT') return take(request, url)
      return new Response(null, {
        status: 202,
        headers: { location: `${url.pathname}${crypto.randomUUID()}?state=1` },
      })
    },
  })
  return {
    host: `127.0.0.1:${server.port}`,
    stored,
    uploads,
    /** As somebody else has pushed it. */
    put: (path: string, text: string, type: string) =>
      void stored.set(path, { bytes: new TextEncoder().encode(text), type }),
    stop: () => server.stop(true),
  }
}
