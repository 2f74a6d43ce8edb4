import { buildSubgraphSchema } from '@apollo/subgraph'
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  getOperationAST,
  OperationTypeNode,
  parse,
  subscribe,
  validate,
} from 'graphql'

export type Json = Record<string, unknown>

/** A method's type, so that a resolver may say more exactly what it is given. */
type Resolver = { resolve(source: Json, args: Json): unknown }['resolve']

type Module = Parameters<typeof buildSubgraphSchema>[0]
type ApolloResolvers = Module extends { resolvers?: infer Map } ? Map : never

/** By type and field; a stream of events is `{ subscribe, resolve }`. */
export type Resolvers = Readonly<
  Record<string, Readonly<Record<string, Resolver | Readonly<Record<string, Resolver>>>>>
>

/** What a subgraph's file exports: Federation SDL, and what resolves it. */
export type SubgraphModule = {
  readonly sdl: string
  readonly resolvers: Resolvers
  /** What a sick or hostile subgraph says; undefined where it answers as it should. */
  readonly answer?: (request: SubgraphQuery) => Response | undefined
}

export type SubgraphQuery = { readonly query: string; readonly variables: Json }

/** What a subgraph was asked. */
export type Asked = SubgraphQuery & { readonly subgraph: string }

export type Journal = {
  readonly asked: Asked[]
  /** What was asked and is not valid for the subgraph's own schema: the plan is wrong then. */
  readonly invalid: string[]
}

type Fetch = (request: Request) => Promise<Response>

/**
 * A subgraph as Apollo's library serves it, without an HTTP framework: `{ query, variables }` in,
 * JSON or events out.
 */
export function fetchOf(
  subgraph: string,
  { sdl, resolvers, answer: answerInstead }: SubgraphModule,
  { asked, invalid }: Journal,
): Fetch {
  const schema = schemaFrom(sdl, resolvers)
  return async (request) => {
    const { query, variables = {} }: { query: string; variables?: Json } = await request.json()
    asked.push({ subgraph, query, variables })
    const document = parse(query)
    const errors = validate(schema, document)
    if (errors.length === 0)
      return answerInstead?.({ query, variables }) ?? answer(schema, document, variables)
    invalid.push(`${subgraph}: ${errors.map(({ message }) => message).join(' ')} ${query}`)
    return Response.json({ errors })
  }
}

function schemaFrom(sdl: string, resolvers: Resolvers): GraphQLSchema {
  // Apollo's type for resolvers wants each source to be `any`.
  const map = resolvers as ApolloResolvers
  return buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: map })
}

async function answer(schema: GraphQLSchema, document: DocumentNode, variableValues: Json) {
  const isStream = getOperationAST(document)?.operation === OperationTypeNode.SUBSCRIPTION
  if (!isStream) return Response.json(await execute({ schema, document, variableValues }))
  const events = await subscribe({ schema, document, variableValues })
  if (!(Symbol.asyncIterator in events)) return Response.json(events)
  const headers = { 'content-type': 'text/event-stream' }
  return new Response(streamOf(events), { headers })
}

const encoder = new TextEncoder()
const frame = (name: string, data: string) => encoder.encode(`event: ${name}\ndata: ${data}\n\n`)

/**
 * A stream whose source throws just ends: what it has told before then surely arrives. Source:
 * graphql-sse, distinct connections mode.
 */
const streamOf = (events: AsyncGenerator<ExecutionResult, void, void>) =>
  new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next = await events.next().catch(() => null)
      if (next && !next.done) return controller.enqueue(frame('next', JSON.stringify(next.value)))
      if (next) controller.enqueue(frame('complete', ''))
      controller.close()
    },
    cancel: async () => {
      await events.return()
    },
  })
