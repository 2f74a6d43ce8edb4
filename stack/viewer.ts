import type { Viewer } from '#kit/identity-token'
import { type Role, scopesOf } from '#schema/scopes'

/** A person with these roles, as the gateway would name them to a subgraph. */
export const viewerWith = (roles: readonly Role[], id: string = crypto.randomUUID()): Viewer => ({
  id,
  roles,
  scopes: scopesOf(roles),
  acr: '1',
  actor: null,
  sessionId: null,
})
