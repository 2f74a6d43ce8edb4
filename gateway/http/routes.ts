import type { Exchange, Stage } from '../exchange.ts'
import { explorerPath, metadataPath, toolCheckPath, toolDoorPath } from './paths.ts'

export type Handler = (exchange: Exchange) => Promise<Response>

export type Route = {
  /** The path, or a word for all files: what metrics count by. */
  readonly name: string
  readonly methods: readonly string[]
  /**
   * What a request with a body must be before it is read. A form is for servers: no page of ours
   * sends one.
   */
  readonly body: 'none' | 'json' | 'json-or-own-header' | 'form' | 'any'
  /**
   * What it answers with: JSON is compressed as it is made, and validated where caches may keep it.
   * A face says itself which types it has.
   */
  readonly answers: 'json' | 'face' | 'any'
  /** How it says what went wrong: as the graph does unless it says more. */
  readonly tells?: 'problems'
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
  /** Called by the provider, not by a browser. */
  readonly providerLogout: Handler
  readonly config: Handler
  /** Who issues the tokens that are good here. */
  readonly metadata: Handler
  readonly explorer: Handler
  readonly tools: {
    /**
     * For the proxy, with what the browser asked of a tool in `X-Forwarded-*`: 200 lets it through,
     * anything else goes to the browser.
     */
    readonly check: Handler
    /** For the browser, where its session is: it leaves with a ticket for the tool it came from. */
    readonly door: Handler
  }
  readonly files: Handler
  /** What is about one stream for many operations; without it each is answered here. */
  readonly stream?: Stage
  /** By path: requests that a subgraph answers alone. */
  readonly forwards: ReadonlyMap<string, Handler>
  /** By name: registered operations that have an address of their own below /f. */
  readonly functions: ReadonlyMap<string, Stage>
}

const page = (name: string, methods: readonly string[], handle: Handler): Route => ({
  ...{ name, methods, handle },
  body: 'none',
  answers: 'any',
  shared: false,
})

/** The graph itself, which a later stage answers. */
export const graphRoute: Route = {
  name: '/graphql',
  methods: ['GET', 'POST'],
  body: 'json',
  answers: 'json',
  shared: true,
  handle: (_, next) => next(),
}

/** Faces of registered operations, which a later stage answers; they read JSON alone. */
const below = (name: string, methods: readonly string[]): Route => ({
  ...{ ...graphRoute, name, methods },
  answers: 'any',
})

/** Operations as resources. Source: RFC 9457 for what goes wrong there. */
const resources = (name: string, change: Partial<Route> = {}): Route => ({
  ...{ ...below(name, ['GET', 'POST']), answers: 'face', tells: 'problems' },
  ...change,
})

const faces: readonly Route[] = [
  // Of our own page alone, in our own session.
  { ...graphRoute, name: '/explorer/plan', methods: ['POST'], shared: false },
  {
    ...{ ...graphRoute, name: '/explorer/operations', shared: false },
    methods: ['GET', 'POST', 'PUT', 'DELETE'],
  },
  below('/graphql/', ['GET', 'POST']),
  resources('/api'),
  ...['/company', '/checkout'].map((alias) => resources(alias)),
  // What it would be sent is no JSON, and nothing reads it yet.
  resources('/upload', { body: 'none' }),
  below('/mcp', ['GET', 'POST', 'DELETE']),
]

const faceOf = (path: string) =>
  faces.find(({ name }) => path === name || path.startsWith(name.endsWith('/') ? name : `${name}/`))

/**
 * Every path the gateway answers; `files` takes whatever is left. Probes are answered before, by
 * `serve`.
 */
export function routesOf(pages: Pages): Routes {
  const table: readonly Route[] = [
    graphRoute,
    page('/auth/login', ['GET'], pages.login),
    page('/auth/callback', ['GET'], pages.callback),
    page('/auth/session', ['GET'], pages.session),
    { ...page('/auth/logout', ['POST'], pages.logout), body: 'json-or-own-header' },
    page('/auth/goodbye', ['GET'], pages.goodbye),
    { ...page('/auth/backchannel-logout', ['POST'], pages.providerLogout), body: 'form' },
    page('/config.json', ['GET', 'HEAD'], pages.config),
    page(explorerPath, ['GET', 'HEAD'], pages.explorer),
    page(toolCheckPath, ['GET'], pages.tools.check),
    page(toolDoorPath, ['GET'], pages.tools.door),
    {
      ...{ ...graphRoute, ...(pages.stream && { handle: pages.stream }) },
      ...{ name: '/graphql/stream', methods: ['PUT', 'GET', 'POST', 'DELETE'], answers: 'any' },
    },
    ...[...pages.functions].map(
      ([name, handle]): Route => ({ ...graphRoute, name: `/f/${name}`, methods: ['POST'], handle }),
    ),
    ...[...pages.forwards].map(
      ([path, handle]): Route => ({ ...page(path, ['POST'], handle), body: 'any' }),
    ),
  ]
  const byPath = new Map(table.map((route) => [route.name, route]))
  const files = page('files', ['GET', 'HEAD'], pages.files)
  const metadata = { ...page(metadataPath, ['GET', 'HEAD'], pages.metadata), shared: true }
  const isMetadata = (path: string) => path === metadataPath || path.startsWith(`${metadataPath}/`)
  return {
    routeOf: (path) => byPath.get(path) ?? faceOf(path) ?? (isMetadata(path) ? metadata : files),
  }
}
