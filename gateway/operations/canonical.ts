import { z } from 'zod'
import { AppError } from '#kit/errors'
import type { Exchange } from '../exchange.ts'
import type { Face } from './faces.ts'
import { jsonTextOf } from './params.ts'

const address = /^\/graphql\/(sha256:[0-9a-f]{64})$/

/**
 * `/graphql/sha256:<hash>`: the address of a document, which caches and logs can tell apart. It is
 * GraphQL in all else, as if the id stood where GraphQL over HTTP has it.
 */
export const canonicalFace: Face = {
  owns: (path) => path.startsWith('/graphql/'),
  handle: async (exchange, next) => {
    const [, documentId] = address.exec(exchange.url.pathname) ?? []
    if (!documentId) throw new AppError('NOT_FOUND', 'There is nothing at this address.')
    await moveTo(exchange, documentId)
    return next()
  },
}

const Body = z.record(z.string(), z.unknown(), 'Send one GraphQL request as a JSON object.')
const twice = 'The address names the document: send neither "documentId" nor "query".'

async function moveTo(exchange: Exchange, documentId: string): Promise<void> {
  const { request } = exchange
  const url = new URL('/graphql', exchange.url)
  url.search = exchange.url.search
  for (const name of ['documentId', 'query', 'doc_id'])
    if (url.searchParams.has(name)) throw new AppError('BAD_REQUEST', twice)
  if (request.method === 'GET') {
    url.searchParams.set('documentId', documentId)
    exchange.request = new Request(url, request)
  } else {
    const body = JSON.stringify({ ...bodyFrom(await jsonTextOf(exchange)), documentId })
    const { method, headers, signal } = request
    exchange.bodyText = body
    exchange.request = new Request(url, { method, headers, signal, body })
  }
  exchange.url = url
}

function bodyFrom(text: string): z.output<typeof Body> {
  const body = parsed(text === '' ? '{}' : text)
  if ('documentId' in body || 'query' in body || 'doc_id' in body)
    throw new AppError('BAD_REQUEST', twice)
  return body
}

function parsed(text: string): z.output<typeof Body> {
  try {
    return Body.parse(JSON.parse(text))
  } catch (cause) {
    throw new AppError('BAD_REQUEST', 'The body is not a JSON object.', { cause })
  }
}
