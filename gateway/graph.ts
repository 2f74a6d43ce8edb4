import type { Plugin } from 'graphql-yoga'
import { span } from '#kit/trace'
import type { Exchange, Stage } from './exchange.ts'

/**
 * What graphql-yoga hands from hook to hook: the exchange that the first two stages have filled.
 */
export type GraphContext = { readonly exchange: Exchange }

/** One of the stages three to six; each hooks into its own part of a GraphQL request. */
export type GraphPlugin = Plugin<GraphContext, GraphContext>

/** True for a person who may see the whole graph; a program never explores. */
export const isExplorer = ({
  credential,
  viewer,
}: Pick<Exchange, 'credential' | 'viewer'>): boolean =>
  credential === 'session' && (viewer?.scopes.has('operations:explore') ?? false)

/**
 * The last stage: GraphQL over HTTP. graphql-yoga only conducts here; reading, parsing, validating,
 * executing and masking are the plugins' work, so everything of its own that would do the same is
 * off. It is loaded for the first request that needs it.
 */
export function graph(plugins: readonly GraphPlugin[]): Stage {
  let yoga: ReturnType<typeof yogaWith> | undefined
  return (exchange) =>
    span('graphql', {}, async () => {
      yoga ??= yogaWith(plugins)
      return (await yoga).fetch(exchange.request, { exchange })
    })
}

async function yogaWith(plugins: readonly GraphPlugin[]) {
  const { createYoga } = await import('graphql-yoga')
  return createYoga<GraphContext>({
    plugins: [...plugins],
    batching: false,
    cors: false,
    extraParamNames: ['documentId'],
    graphiql: false,
    landingPage: false,
    logging: false,
    maskedErrors: false,
    maxRequestBodySize: false,
    multipart: false,
    parserAndValidationCache: false,
    fetchAPI: { Request, Response, Headers, URL, URLSearchParams },
  })
}
