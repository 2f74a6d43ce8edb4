import { createHash } from 'node:crypto'
import { AppError } from '#kit/errors'
import type { Contract } from '#schema/contracts'
import { contractOf } from './contract.ts'
import type { Contracts } from './contract-graph.ts'
import type { Exchange } from './exchange.ts'
import type { Face } from './operations/faces.ts'

type ContractFaceDeps = {
  /** Those of the graph that is served. */
  readonly contracts: () => Contracts
  readonly webClientId: string
}

const path = '/api/schema.graphql'
/** A new release is seen within five minutes. */
const maxAge = 300

/** `GET /api/schema.graphql`: all that its caller may know of the graph, as GraphQL's own text. */
export function contractFace({ contracts, webClientId }: ContractFaceDeps): Face {
  const tags = new WeakMap<Contracts, Map<Contract, string>>()
  const tagOf = (served: Contracts, contract: Contract, text: string) => {
    const known = tags.get(served) ?? new Map<Contract, string>()
    tags.set(served, known)
    const tag = known.get(contract) ?? `"${createHash('sha256').update(text).digest('base64url')}"`
    known.set(contract, tag)
    return tag
  }
  return {
    owns: (asked) => asked === path,
    handle: async (exchange) => {
      if (exchange.request.method !== 'GET')
        throw new AppError('METHOD_NOT_ALLOWED', 'Ask for the schema by GET.')
      const contract = contractOf(exchange, webClientId)
      const served = contracts()
      const text = served.sdlOf(contract)
      if (text === null) throw new AppError('NOT_FOUND', 'Nothing of the graph is open to you.')
      const etag = tagOf(served, contract, text)
      const headers = { ...cachingOf(exchange), etag }
      if (matches(exchange.request, etag)) return new Response(null, { status: 304, headers })
      const type = 'application/graphql; charset=utf-8'
      return new Response(text, { headers: { ...headers, 'content-type': type } })
    },
  }
}

/** What nobody in particular is shown, anybody may keep. */
const cachingOf = ({ credential, request }: Exchange) => ({
  'cache-control':
    credential === 'anonymous' && !request.headers.has('cookie')
      ? `public, max-age=${maxAge}`
      : 'private, no-cache',
  vary: 'authorization, cookie, x-plexus-contract',
})

/** Source: RFC 9110 section 13.1.2; tags are compared weakly. */
function matches({ headers }: Request, etag: string): boolean {
  const sent = headers.get('if-none-match')
  if (sent === null) return false
  const tags = sent.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags.includes(etag) || tags.includes('*')
}
