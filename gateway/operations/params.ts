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
export async function paramsFrom({ request, url }: Exchange): Promise<Params> {
  const sent =
    request.method === 'GET' ? fromQuery(url.searchParams) : fromBody(await jsonTextOf(request))
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
 * A form may be sent from any page; the stage before asks for JSON too, and this one trusts nobody.
 */
function jsonTextOf(request: Request): Promise<string> {
  if (/^application\/json\b/i.test(request.headers.get('content-type') ?? '')) return request.text()
  throw new AppError('BAD_REQUEST', 'Send the request as application/json.')
}

function fromBody(body: string): unknown {
  if (body === '') throw new AppError('BAD_REQUEST', 'The request has no body.')
  return jsonFrom(body, 'The body')
}

const fromQuery = (query: URLSearchParams) => ({
  query: query.get('query'),
  documentId: query.get('documentId'),
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
