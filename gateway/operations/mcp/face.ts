import { AppError } from '#kit/errors'
import type { Log } from '#kit/log'
import { contractOf } from '../../contract.ts'
import type { Exchange } from '../../exchange.ts'
import type { GraphView } from '../../graph-view.ts'
import type { Face } from '../faces.ts'
import { refusalsIn } from '../json-schema/data.ts'
import type { Registry } from '../registry.ts'
import { runRegistered } from '../run.ts'
import { clientsOf } from '../select.ts'
import { newestVersion, unknownVersion } from '../versions.ts'
import { callResultOf, failedCall, thrownCall } from './result.ts'
import type { Toolbox } from './server.ts'
import { createTools, type OperationTool, type ToolCaller, type Tools } from './tools.ts'

export type McpDeps = {
  readonly registry: Pick<Registry, 'all' | 'byName'>
  readonly webClientId: string
  /** The graph that is served now. */
  readonly view: () => GraphView
  readonly productName: string
  readonly log: Log
  readonly now: () => Date
}

const addressPattern = /^\/mcp(?:\/v(\d{1,9}))?$/

/**
 * The Model Context Protocol at `/mcp` and `/mcp/v<n>`: the registered operations as tools, for
 * whoever presents a token. Cookies open nothing here, and nobody gets a challenge: a client asks
 * for a token only when it is told that one is needed. Source: MCP 2025-11-25, authorization.
 */
export function mcpFace(deps: McpDeps): Face {
  const tools = createTools(deps)
  let server: Promise<typeof import('./server.ts')> | undefined
  return {
    owns: (path) => path === '/mcp' || path.startsWith('/mcp/'),
    handle: async (exchange, next) => {
      requirePost(exchange)
      if (exchange.credential !== 'bearer')
        throw new AppError('UNAUTHENTICATED', 'Send an access token or an API key as bearer token.')
      const offered = tools.offered(callerOf(exchange, deps))
      const message = messageIn(exchange.bodyText ?? (await exchange.request.text()))
      if (message instanceof Response) return message
      // The SDK takes a sixth of a second to load: for the first client that speaks its protocol.
      server ??= import('./server.ts')
      const { answerMessage } = await server
      const toolbox = toolboxOf({ ...deps, tools, offered }, exchange, next)
      const answer = await answerMessage(exchange.request, message, toolbox)
      answer.headers.set('cache-control', 'no-store')
      return answer
    },
  }
}

/** There is no stream to open by GET, and no session to end by DELETE. */
function requirePost({ request, responseHeaders }: Exchange): void {
  if (request.method === 'POST') return
  responseHeaders.set('allow', 'POST')
  throw new AppError('METHOD_NOT_ALLOWED', 'This address answers POST.')
}

/** Throws NOT_FOUND and UNKNOWN_VERSION. */
function callerOf(exchange: Exchange, { registry, webClientId }: McpDeps): ToolCaller {
  const clients = clientsOf(exchange, webClientId)
  const contract = contractOf(exchange, webClientId)
  return { clients, contract, version: versionOf(exchange, newestVersion(registry, clients)) }
}

function versionOf({ url, version: named }: Exchange, newest: number): number {
  const [found, digits] = addressPattern.exec(url.pathname) ?? []
  if (found === undefined) throw new AppError('NOT_FOUND', 'There is nothing at this address.')
  const version = digits === undefined ? (named ?? newest) : Number(digits)
  if (version >= 1 && version <= newest) return version
  throw unknownVersion(version, newest)
}

const refused = (code: number, message: string) =>
  Response.json({ jsonrpc: '2.0', id: null, error: { code, message } }, { status: 400 })

/** One message: lists of them left the protocol, and would be many requests for one. */
function messageIn(body: string): unknown {
  try {
    const message: unknown = JSON.parse(body)
    return Array.isArray(message) ? refused(-32_600, 'Send one message, not a list.') : message
  } catch {
    return refused(-32_700, 'The body is not valid JSON.')
  }
}

type Using = McpDeps & {
  readonly tools: Tools
  readonly offered: ReadonlyMap<string, OperationTool>
}

function toolboxOf(deps: Using, exchange: Exchange, next: () => Promise<Response>): Toolbox {
  const { offered, tools, log, productName } = deps
  return {
    name: productName,
    list: () => tools.listed(offered, exchange).map(({ definition }) => definition),
    call: async ({ name, arguments: variables = {}, _meta }) => {
      const tool = offered.get(name)
      if (!tool) return null
      const unknown = Object.keys(variables).find((key) => !isArgument(tool, key))
      if (unknown !== undefined)
        return failedCall({ code: 'BAD_USER_INPUT', message: `There is no argument "${unknown}".` })
      const key = _meta?.['plexus/idempotencyKey']
      try {
        if (key !== undefined) withKey(exchange, key)
        const answer = await runRegistered(exchange, next, { ...tool, variables })
        const { schema, scopesOf } = deps.view()
        const known = { scopes: scopesOf(tool.document), refusals: refusalsIn(schema) }
        return await callResultOf(answer, exchange, known)
      } catch (error) {
        return thrownCall(error, exchange, log)
      }
    },
  }
}

const isArgument = ({ definition }: OperationTool, key: string) =>
  Object.hasOwn(definition.inputSchema.properties ?? {}, key)

const keyPattern = /^[\x21-\x7e]{1,255}$/

/** The key as the header that the graph reads. Throws BAD_USER_INPUT for one that fits in none. */
function withKey(exchange: Exchange, key: unknown): void {
  if (typeof key !== 'string' || !keyPattern.test(key))
    throw new AppError('BAD_USER_INPUT', 'A key of idempotency is 1 to 255 visible characters.')
  const { url, method, headers, signal } = exchange.request
  const carried = new Headers(headers)
  carried.set('idempotency-key', key)
  exchange.request = new Request(url, { method, headers: carried, signal })
}
