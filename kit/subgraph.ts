import type { ExecutionResult, GraphQLSchema } from 'graphql'
import { createYoga, type Plugin } from 'graphql-yoga'
import { changesForAnother, mutationFieldsOf, refuseReadOnly } from './acting.ts'
import { audit, auditedBy } from './audit.ts'
import type { SubgraphContext } from './builder.ts'
import { AppError, errorResponse, publicError } from './errors.ts'
import { followingOf } from './following.ts'
import type { Verifier, Viewer } from './identity-token.ts'
import type { Log } from './log.ts'
import { database, type Pool, type RowContext } from './postgres.ts'
import { annotate } from './serve.ts'
import { type Streaming, useSubscriptions } from './subscription.ts'
import { annotateSpan, withRemoteTrace } from './trace.ts'

export const federationVersion = 'https://specs.apollo.dev/federation/v2.9'

/** What a room's resolvers start from; the room adds its own loaders and ports. */
export type SubgraphOptions<Context extends SubgraphContext> = {
  schema: GraphQLSchema
  sql: Pool
  verifier: Verifier
  log: Log
  now: () => Date
  extend: (context: SubgraphContext) => Context
  /** How often a silent subscription says that it is still there. */
  heartbeatMs?: number
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

type ServerContext = SubgraphContext & Streaming

/** Errors leave as kit/errors allows. */
const maskedFor = (requestId: string, log: Log) => (result: ExecutionResult) =>
  result.errors
    ? { ...result, errors: result.errors.map((error) => publicError(error, requestId, log)) }
    : result

const errorMasking: Plugin<object, ServerContext> = {
  onResultProcess({ result, serverContext, setResult }) {
    if (Array.isArray(result) || !('errors' in result)) return
    setResult(serverContext.streaming.masked(result))
  },
}

type Room = { readonly name: string; readonly schema: GraphQLSchema; readonly heartbeatMs: number }

/**
 * What somebody changes in another's name is told before it is done: the entry is there even if the
 * change fails. Who may only look is refused here as well as by the gateway.
 */
const watchActors = (room: string): Plugin<ServerContext, ServerContext> => ({
  onExecute: ({ args }) => {
    const { viewer } = args.contextValue
    if (!viewer?.actor) return
    const fields = mutationFieldsOf(args.document, args.operationName ?? null)
    if (!fields) return
    refuseReadOnly(viewer, fields)
    if (changesForAnother(viewer, fields)) return tellActed(room, args.contextValue, fields)
  },
})

async function tellActed(room: string, context: ServerContext, fields: readonly string[]) {
  const { viewer, requestId, db } = context
  if (!viewer) return
  const acted = { action: `${room}.acted`, entity: 'User', entityId: viewer.id }
  await db.write((sql) =>
    audit(sql, { ...acted, ...auditedBy(viewer), requestId, detail: { fields: [...fields] } }),
  )
}

const newYoga = ({ name, schema, heartbeatMs }: Room) =>
  createYoga<ServerContext>({
    schema,
    graphiql: false,
    landingPage: false,
    logging: false,
    batching: false,
    maskedErrors: false,
    plugins: [errorMasking, watchActors(name), useSubscriptions(heartbeatMs)],
  })

/** One subgraph behind `fetch`: GraphQL over HTTP for the gateway, in the same process or over a socket. */
export function createSubgraph<Context extends SubgraphContext>(options: SubgraphOptions<Context>) {
  const { schema, sql, verifier, log, now, extend, heartbeatMs = 15_000 } = options
  const name = sql.options.connection.application_name ?? ''
  const yoga = newYoga({ name, schema, heartbeatMs })

  async function answer(request: Request, requestId: string) {
    const viewer = await viewerFrom(request, verifier)
    annotate({ userId: viewer?.id ?? null, actorId: viewer?.actor ?? null })
    if (viewer?.actor) annotateSpan({ 'caller.actor': viewer.actor })
    const db = database(sql, rowContextOf(viewer))
    const left = new AbortController()
    const following = followingOf(request.headers.get('last-event-id'), left.signal)
    const fresh = () => extend({ viewer, requestId, db, now, signal: left.signal, following })
    const masked = maskedFor(requestId, log)
    const streaming = { fresh, masked, place: following.place, left: () => left.abort() }
    return yoga.fetch(request, { ...fresh(), streaming })
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
