import { parse } from 'graphql'
import { AppError } from '#kit/errors'
import { isWithin } from '#schema/contracts'
import { contractOf } from '../contract.ts'
import type { Exchange } from '../exchange.ts'
import type { GraphView } from '../graph-view.ts'
import type { Face } from './faces.ts'
import type { RegisteredOperation, Registry } from './registry.ts'
import { clientsOf } from './select.ts'

type ManifestDeps = {
  readonly registry: Pick<Registry, 'all'>
  readonly webClientId: string
  readonly view: () => GraphView
}

const path = '/api/operations.json'

/**
 * `GET /api/operations.json`: what the caller may run, documents and all, as `schema/operations.json`
 * lists ours. A client is made of it and of the schema beside it.
 */
export function manifestFace({ registry, webClientId, view }: ManifestDeps): Face {
  const listed = (exchange: Exchange) => {
    const clients = clientsOf(exchange, webClientId)
    const contract = contractOf(exchange, webClientId)
    const isOurs = ({ client, contract: own, retiredAt }: RegisteredOperation) =>
      clients.includes(client) && isWithin(own, contract) && retiredAt === null
    return registry
      .all()
      .filter(isOurs)
      .filter(({ document }) =>
        view().permits(parse(document, { noLocation: true }), exchange.viewer),
      )
  }
  return {
    owns: (asked) => asked === path,
    handle: async (exchange) => {
      if (exchange.request.method !== 'GET') {
        exchange.responseHeaders.set('allow', 'GET')
        throw new AppError('METHOD_NOT_ALLOWED', 'This address answers GET.')
      }
      return Response.json(listed(exchange), { headers: { 'cache-control': 'private, no-store' } })
    },
  }
}
