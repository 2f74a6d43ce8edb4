import type { Exchange, Stage } from '../exchange.ts'

export type Handler = (exchange: Exchange) => Promise<Response>

export type Route = {
  readonly methods: readonly string[]
  /** What a request with a body must show before it is read: JSON, or JSON or our own header. */
  readonly body: 'none' | 'json' | 'json-or-own-header'
  /** Pages of the allow list may call it, without the session cookie. */
  readonly shared: boolean
  readonly handle: Stage
}

export type Routes = { routeOf(path: string): Route }

/** Everything outside GraphQL that answers a browser. */
export type Pages = {
  readonly login: Handler
  readonly callback: Handler
  readonly logout: Handler
  readonly goodbye: Handler
  readonly session: Handler
  readonly config: Handler
  readonly files: Handler
}

const read = (methods: readonly string[], handle: Handler): Route => ({
  methods,
  body: 'none',
  shared: false,
  handle,
})

/** Every path the gateway answers; `files` takes whatever is left. Probes are answered before, by `serve`. */
export function routesOf(pages: Pages): Routes {
  const files = read(['GET', 'HEAD'], pages.files)
  const table = new Map<string, Route>([
    [
      '/graphql',
      {
        methods: ['GET', 'POST'],
        body: 'json',
        shared: true,
        handle: (_, next) => next(),
      },
    ],
    ['/auth/login', read(['GET'], pages.login)],
    ['/auth/callback', read(['GET'], pages.callback)],
    ['/auth/goodbye', read(['GET'], pages.goodbye)],
    ['/auth/session', read(['GET'], pages.session)],
    ['/auth/logout', { ...read(['POST'], pages.logout), body: 'json-or-own-header' }],
    ['/config.json', read(['GET', 'HEAD'], pages.config)],
  ])
  return { routeOf: (path) => table.get(path) ?? files }
}
