import { OperationTypeNode, parse } from 'graphql'
import { z } from 'zod'
import type { Subgraph } from './subgraphs.ts'

/** Servers that stand for whichever subgraphs are there at the time. */
export type Servers = {
  readonly urlOf: (subgraph: Subgraph) => string
  readonly stop: () => Promise<unknown>
}

const Body = z.object({ query: z.string() })

/** One server for each name of a subgraph, started at its first use. */
export function startServers(): Servers {
  const servers = new Map<string, Bun.Server<undefined>>()
  const current = new Map<string, Subgraph>()
  const serve = (name: string) =>
    Bun.serve({
      port: 0,
      idleTimeout: 0,
      fetch: async (request) => {
        const subgraph = current.get(name)
        if (!subgraph) return new Response('', { status: 404 })
        return sent(subgraph, await request.text()).catch(refusal)
      },
    })
  return {
    urlOf: (subgraph) => {
      const { name } = subgraph
      const server = servers.get(name) ?? serve(name)
      servers.set(name, server)
      current.set(name, subgraph)
      return `http://127.0.0.1:${server.port}/graphql`
    },
    stop: () => Promise.all([...servers.values()].map((server) => server.stop(true))),
  }
}

/** What was asked was no request to this subgraph: the engine's answer lacks it. */
const refusal = (cause: unknown) =>
  Response.json({ errors: [{ message: String(cause) }] }, { status: 400 })

/** What a subgraph sends for the text of a request. */
export async function sent(subgraph: Subgraph, body: string): Promise<Response> {
  const answer = await subgraph.answer(body, kindOf(body))
  const json = { 'content-type': 'application/graphql-response+json' }
  if (typeof answer === 'string') return new Response(answer, { headers: json })
  const stream = new ReadableStream<string>({
    start: async (controller) => {
      for await (const text of answer) controller.enqueue(`event: next\ndata: ${text}\n\n`)
      controller.enqueue('event: complete\ndata:\n\n')
      controller.close()
    },
  }).pipeThrough(new TextEncoderStream())
  return new Response(stream, { headers: { 'content-type': 'text/event-stream' } })
}

function kindOf(body: string): OperationTypeNode {
  const { query } = Body.parse(JSON.parse(body))
  if (!query.includes('subscription')) return OperationTypeNode.QUERY
  const [definition] = parse(query).definitions
  return definition && 'operation' in definition ? definition.operation : OperationTypeNode.QUERY
}
