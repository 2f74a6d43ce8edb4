import { printSubgraphSchema } from '@apollo/subgraph'
import type { GraphQLSchema } from 'graphql'
import { createYoga, type Plugin } from 'graphql-yoga'
import type { SubgraphContext } from './builder.ts'
import { AppError, errorResponse, publicError } from './errors.ts'
import type { Verifier, Viewer } from './identity-token.ts'
import type { Log } from './log.ts'
import { database, type Pool, type RowContext } from './postgres.ts'
import { annotate } from './serve.ts'
import { withRemoteTrace } from './trace.ts'

export const federationVersion = 'https://specs.apollo.dev/federation/v2.9'

/** What a room's resolvers start from; the room adds its own loaders and ports. */
export type SubgraphOptions<Context extends SubgraphContext> = {
  schema: GraphQLSchema
  sql: Pool
  verifier: Verifier
  log: Log
  now: () => Date
  extend: (context: SubgraphContext) => Context
}

const rowContextOf = (viewer: Viewer | null): RowContext => ({
  userId: viewer?.id ?? null,
  scopes: viewer?.scopes ?? new Set(),
})

const bearer = /^Bearer ([\w.~+/-]+=*)$/i

/** The inner token's viewer. Throws UNAUTHENTICATED: only the gateway may call, for anonymous people too. */
async function viewerFrom(request: Request, verifier: Verifier) {
  const token = bearer.exec(request.headers.get('authorization') ?? '')?.[1]
  if (!token) throw new AppError('UNAUTHENTICATED', 'Only the gateway may call a subgraph.')
  return (await verifier.verify(token)).viewer
}

/** Errors leave as kit/errors allows, with the request id of the context. */
const useErrorMasking = (log: Log): Plugin<object, SubgraphContext> => ({
  onResultProcess({ result, serverContext, setResult }) {
    if (Array.isArray(result) || !('errors' in result) || !result.errors) return
    const { requestId } = serverContext
    setResult({
      ...result,
      errors: result.errors.map((error) => publicError(error, requestId, log)),
    })
  },
})

const newYoga = (schema: GraphQLSchema, log: Log) =>
  createYoga<SubgraphContext>({
    schema,
    graphiql: false,
    landingPage: false,
    logging: false,
    batching: false,
    maskedErrors: false,
    plugins: [useErrorMasking(log)],
  })

/** The subgraph's SDL as composition reads it. */
export const sdlOf = (schema: GraphQLSchema) => `${printSubgraphSchema(schema).trim()}\n`

/** One subgraph behind `fetch`: GraphQL over HTTP for the gateway, in the same process or over a socket. */
export function createSubgraph<Context extends SubgraphContext>(options: SubgraphOptions<Context>) {
  const { sql, verifier, log, now, extend } = options
  const yoga = newYoga(options.schema, log)

  async function answer(request: Request, requestId: string) {
    const viewer = await viewerFrom(request, verifier)
    annotate({ userId: viewer?.id ?? null })
    const db = database(sql, rowContextOf(viewer))
    return yoga.fetch(request, extend({ viewer, requestId, db, now }))
  }

  return {
    /** Never throws: a failure is a GraphQL error with the status of its code. */
    async fetch(request: Request): Promise<Response> {
      const requestId = request.headers.get('x-request-id') ?? crypto.randomUUID()
      return withRemoteTrace(request.headers, () =>
        answer(request, requestId).catch((error) => errorResponse(error, requestId, log)),
      )
    },
  }
}
