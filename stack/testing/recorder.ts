export type RecordedCall = {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: Headers
  readonly body: string
  readonly status: number
  readonly answer: unknown
}

/** Stands before an API, passes every call on, and keeps it with its answer. */
export function recordCalls(target: string) {
  const calls: RecordedCall[] = []
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: async (request) => {
      const { pathname, search } = new URL(request.url)
      const [method, path, body] = [request.method, pathname + search, await request.text()]
      const response = await sendCall(target, { method, path, body, headers: request.headers })
      const text = await response.text()
      const answer: unknown = JSON.parse(text)
      const { headers } = request
      calls.push({ method, path, headers, body, status: response.status, answer })
      return new Response(text, { status: response.status, headers: response.headers })
    },
  })
  return { origin: server.url.origin, calls, stop: () => server.stop(true) }
}

type Call = Pick<RecordedCall, 'method' | 'path' | 'headers' | 'body'>

/** The same call to another API. */
export function sendCall(origin: string, { method, path, headers, body }: Call): Promise<Response> {
  const passed = new Headers(headers)
  for (const name of ['host', 'connection', 'content-length', 'accept-encoding'])
    passed.delete(name)
  return fetch(`${origin}${path}`, { method, headers: passed, ...(body && { body }) })
}
