import { AppError } from '#kit/errors'
import type { Log } from '#kit/log'
import type { Stage } from '../exchange.ts'
import { http } from '../http/http.ts'
import { isNavigation } from '../http/negotiate.ts'
import { graphRoute, type Handler, type Route } from '../http/routes.ts'
import type { StandaloneConfig } from './config.ts'

type StagesDeps = {
  readonly config: StandaloneConfig
  readonly log: Log
  readonly now: () => Date
}

const notFound: Handler = async () => {
  throw new AppError('NOT_FOUND', 'There is nothing at this address; the graph is at /graphql.')
}

const page = (name: string, handle: Handler): Route => ({
  ...{ name, methods: ['GET', 'HEAD', 'POST'], body: 'none', answers: 'any', shared: false },
  handle,
})

/** Stage 1, what came in: the graph, perhaps GraphiQL, and nothing else. */
export function httpStage({ config, log }: StagesDeps): Stage {
  const { port, limits, allowedOrigins, graphiql } = config
  const publicOrigin = `http://localhost:${port}`
  const other = page('other', notFound)
  const root = graphiql ? page('/', explorer()) : other
  const known = new Map([graphRoute, root].map((route) => [route.name, route]))
  return http({
    routes: { routeOf: (path) => known.get(path) ?? other },
    origins: { publicOrigin, allowedOrigins: [...allowedOrigins, `http://127.0.0.1:${port}`] },
    providerOrigin: publicOrigin,
    bodyBytesMax: limits.bodyBytesMax,
    log,
  })
}

/** GraphiQL's page, for browsers alone; it is loaded when the first of them comes. */
function explorer(): Handler {
  const response = import('./explorer.ts')
  return async (exchange) => {
    if (!isNavigation(exchange.request)) return notFound(exchange)
    return (await response).explorerPage()
  }
}

/** Stage 2 where nobody can sign in: what a rule guards is denied to everybody. */
const nobody: Stage = (_exchange, next) => next()

/** Stage 2, who asks: the caller that a bearer token names, or nobody. */
export function identityStage({ config, now }: StagesDeps): Stage {
  const { bearer, port } = config
  if (!bearer) return nobody
  let stage: Promise<Stage> | undefined
  return async (exchange, next) => {
    stage ??= import('./tokens.ts').then(({ bearerStage }) =>
      bearerStage({ ...bearer, publicOrigin: `http://localhost:${port}`, now }),
    )
    return (await stage)(exchange, next)
  }
}
