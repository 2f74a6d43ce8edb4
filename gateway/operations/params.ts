import { z } from 'zod'
import { AppError } from '#kit/errors'
import type { Exchange } from '../exchange.ts'

const text = z.string('must be a string').nullish()
const map = z.record(z.string(), z.unknown(), 'must be a map').nullish()

/** Unknown members are dropped here, so nothing that a client invents travels any further. */
const Params = z.object(
  {
    query: text,
    documentId: text,
    doc_id: text,
    operationName: text,
    variables: map,
    extensions: map,
  },
  'Send one GraphQL request as a JSON object; lists of requests are not accepted.',
)

/**
 * A GraphQL request as it was sent. Source: GraphQL over HTTP, and its appendix on persisted
 * documents.
 */
export type Params = z.infer<typeof Params>

/**
 * Reads the request from the URL of a GET and from the body of a POST. Throws AppError BAD_REQUEST.
 */
export async function paramsFrom(exchange: Exchange): Promise<Params> {
  const { request, url } = exchange
  const sent =
    request.method === 'GET' ? fromQuery(url.searchParams) : fromBody(await jsonTextOf(exchange))
  const { data, error } = Params.safeParse(sent)
  if (data) return data
  const [issue] = error.issues
  const name = issue?.path[0]
  throw new AppError(
    'BAD_REQUEST',
    name === undefined ? (issue?.message ?? '') : `"${String(name)}" ${issue?.message}.`,
  )
}

/**
 * The same, at a hundredth of the price, for a request in which nothing is unusual; null for one
 * that `paramsFrom` has to look at, and perhaps to refuse.
 */
export function plainParamsFrom(exchange: Exchange): Params | null | Promise<Params | null> {
  const { request, url, bodyText } = exchange
  if (request.method === 'GET') return plainIn(() => fromQuery(url.searchParams))
  if (bodyText !== null) return isJson(request) ? plainIn(() => JSON.parse(bodyText)) : null
  return jsonTextOf(exchange).then(
    (text) => plainIn(() => JSON.parse(text)),
    () => null,
  )
}

function plainIn(read: () => unknown): Params | null {
  try {
    const sent = read()
    return isPlain(sent) ? sent : null
  } catch {
    return null
  }
}

const isPlain = (sent: unknown): sent is Params => {
  if (!isMap(sent)) return false
  const { query, documentId, doc_id: relayId, operationName, variables, extensions } = sent
  return (
    isText(query) &&
    isText(documentId) &&
    isText(relayId) &&
    isText(operationName) &&
    (variables === undefined || variables === null || isPlainMap(variables)) &&
    (extensions === undefined || extensions === null || isPlainMap(extensions))
  )
}

const isText = (value: unknown) =>
  value === undefined || value === null || typeof value === 'string'

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** zod leaves `__proto__` out. */
const isPlainMap = (value: unknown) => isMap(value) && !Object.hasOwn(value, '__proto__')

const jsonType = /^application\/json\b/i
const isJson = ({ headers }: Request) => jsonType.test(headers.get('content-type') ?? '')

/**
 * A form may be sent from any page; the stage before asks for JSON too, and this one trusts nobody.
 */
export async function jsonTextOf(exchange: Exchange): Promise<string> {
  const { request } = exchange
  if (!isJson(request)) throw new AppError('BAD_REQUEST', 'Send the request as application/json.')
  exchange.bodyText ??= await request.text()
  return exchange.bodyText
}

function fromBody(body: string): unknown {
  if (body === '') throw new AppError('BAD_REQUEST', 'The request has no body.')
  return jsonFrom(body, 'The body')
}

const fromQuery = (query: URLSearchParams) => ({
  query: query.get('query'),
  documentId: query.get('documentId'),
  doc_id: query.get('doc_id'),
  operationName: query.get('operationName'),
  variables: jsonFrom(query.get('variables') || 'null', '"variables"'),
  extensions: jsonFrom(query.get('extensions') || 'null', '"extensions"'),
})

function jsonFrom(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AppError('BAD_REQUEST', `${what} is not valid JSON.`, { cause })
  }
}
