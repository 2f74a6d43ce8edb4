import { AppError } from '#kit/errors'
import { type Contract, contractNamed, contracts, isWithin } from '#schema/contracts'
import { staffScopes } from '#schema/scopes'
import type { Exchange } from './exchange.ts'
import { isExplorer } from './graph.ts'

/** By which an explorer looks at the graph as somebody else does. */
export const contractHeader = 'x-plexus-contract'

type Caller = Pick<Exchange, 'credential' | 'clientId' | 'viewer' | 'request'>

/**
 * What of the graph a caller may know of. Nobody has `public`, a partner's program `partner`,
 * whoever is signed in `app`, and who of them is of the staff `admin`; an explorer may name a
 * narrower one. Throws BAD_REQUEST when that is none.
 */
export function contractOf(exchange: Caller, webClientId: string): Contract {
  const widest = widestOf(exchange, webClientId)
  if (!isExplorer(exchange)) return widest
  const name = exchange.request.headers.get(contractHeader)
  if (name === null) return widest
  const named = contractNamed(name)
  if (!named)
    throw new AppError('BAD_REQUEST', `"${contractHeader}" is one of ${contracts.join(', ')}.`)
  return isWithin(named, widest) ? named : widest
}

function widestOf({ credential, clientId, viewer }: Caller, webClientId: string): Contract {
  // A token that names no program runs nothing.
  if (credential === 'bearer' && clientId !== webClientId) return clientId ? 'partner' : 'public'
  if (!viewer) return 'public'
  for (const scope of viewer.scopes) if (staffScopes.has(scope)) return 'admin'
  return 'app'
}
