import { z } from 'zod'
import { AppError } from '#kit/errors'
import { isUuid } from '#kit/id'
import type { Viewer } from '#kit/identity-token'
import type { Exchange } from '../exchange.ts'
import { explorerOf, jsonOf, noStore } from './explorer.ts'
import { ChangedOperation, NewOperation, type SavedOperations } from './saved-operations.ts'

export const savedOperationsPath = '/explorer/operations'

type Of = (viewer: Viewer) => SavedOperations
type Handle = (exchange: Exchange, operations: SavedOperations) => Promise<Response>

const answer = (body: unknown, status = 200) => Response.json(body, { status, headers: noStore })

const onAll: Readonly<Record<string, Handle>> = {
  GET: async (_, operations) => answer({ operations: await operations.list() }),
  POST: async (exchange, operations) =>
    answer({ operation: await operations.add(await bodyAs(NewOperation, exchange)) }, 201),
}

const onOne: Readonly<Record<string, Handle>> = {
  PUT: async (exchange, operations) => {
    const changed = await bodyAs(ChangedOperation, exchange)
    return answer({ operation: await operations.change(idIn(exchange), changed) })
  },
  DELETE: async (exchange, operations) => {
    await operations.remove(idIn(exchange), versionIn(exchange))
    return new Response(null, { status: 204, headers: noStore })
  },
}

/** The explorer's saved operations, as JSON over HTTP. Throws FORBIDDEN for all but explorers. */
export const answerSavedOperations =
  (operationsOf: Of) =>
  async (exchange: Exchange): Promise<Response> => {
    const operations = operationsOf(explorerOf(exchange))
    const handlers = exchange.url.pathname === savedOperationsPath ? onAll : onOne
    const handle = handlers[exchange.request.method]
    if (handle) return handle(exchange, operations)
    const allowed = Object.keys(handlers)
    exchange.responseHeaders.set('allow', allowed.join(', '))
    throw new AppError('METHOD_NOT_ALLOWED', `This address answers ${allowed.join(' and ')}.`)
  }

async function bodyAs<Body>(schema: z.ZodType<Body>, exchange: Exchange): Promise<Body> {
  const result = schema.safeParse(await jsonOf(exchange))
  if (result.success) return result.data
  const [issue] = result.error.issues
  const name = issue?.path.join('.')
  throw new AppError('BAD_USER_INPUT', name ? `"${name}" ${issue?.message}.` : 'Send an object.')
}

/** What is no id names nothing. */
function idIn({ url }: Exchange): string {
  const id = url.pathname.slice(savedOperationsPath.length + 1)
  if (isUuid(id)) return id
  throw new AppError('NOT_FOUND', 'There is no such operation, or it is not shared.')
}

const Version = z.coerce.number().int().min(1)

function versionIn({ url }: Exchange): number {
  const { data } = Version.safeParse(url.searchParams.get('version'))
  if (data !== undefined) return data
  throw new AppError('BAD_REQUEST', 'Say which version you have seen: "?version=".')
}
