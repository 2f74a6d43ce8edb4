import { readOnlyScope } from '#kit/acting'
import { AppError } from '#kit/errors'
import type { Viewer } from '#kit/identity-token'
import { type Role, roleScopes, roles } from '#schema/scopes'
import type { Exchange } from '../exchange.ts'
import { isExplorer } from '../graph.ts'

/** Header by which an explorer looks at the graph as a role does. */
export const roleHeader = 'x-plexus-role'

/** The word for who is not signed in. */
const nobody = 'ANONYMOUS'

export type Lens = {
  readonly role: Role | typeof nobody
  /** Who asks from here on: never with a scope that the explorer does not have. */
  readonly viewer: Viewer | null
  /** Scopes of the role that the explorer does not have: what they guard is left out. */
  readonly withheld: readonly string[]
}

/**
 * The role that an explorer wants to look as; null where nobody asked, and for everybody who is no
 * explorer: their header says nothing. Throws BAD_REQUEST for a role that there is not.
 */
export function lensOf(exchange: Exchange): Lens | null {
  const asked = exchange.request.headers.get(roleHeader)
  const { viewer } = exchange
  if (asked === null || !viewer || !isExplorer(exchange)) return null
  if (asked === nobody) return { role: nobody, viewer: null, withheld: [] }
  const role = roles.find((one) => one === asked)
  if (!role)
    throw new AppError('BAD_REQUEST', `"${roleHeader}" is ${nobody} or one of ${roles.join(', ')}.`)
  const scopes: readonly string[] = roleScopes[role]
  const held = scopes.filter((scope) => viewer.scopes.has(scope))
  return {
    role,
    // The person stays who they are, and may only look: subgraphs refuse their changes as well.
    viewer: { ...viewer, roles: [role], scopes: new Set([...held, readOnlyScope]) },
    withheld: scopes.filter((scope) => !viewer.scopes.has(scope)),
  }
}
