import { readOnlyScope } from '#kit/acting'
import type { Viewer } from '#kit/identity-token'
import { readScopes, scopesOf } from '#schema/scopes'
import type { Acting, WebSession } from './session-store.ts'

/** Who asks with this session: its person, or whoever the person acts for. */
export function viewerOf({ id, personId, roles, acr, acting }: WebSession): Viewer {
  const own = { acr, sessionId: id }
  if (!acting) return { ...own, id: personId, roles, scopes: scopesOf(roles), actor: null }
  return {
    ...own,
    id: acting.personId,
    roles: acting.roles,
    scopes: actingScopes(acting),
    actor: personId,
  }
}

/** Never more than the roles of the person who is acted for. */
function actingScopes({ roles, scopes, readOnly }: Acting): Set<string> {
  const allowed = [...scopesOf(roles)]
    .filter((scope) => scopes === null || scopes.includes(scope))
    .filter((scope) => !readOnly || readScopes.has(scope))
  return new Set(readOnly ? [...allowed, readOnlyScope] : allowed)
}
