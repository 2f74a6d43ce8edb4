import type { Viewer } from '#kit/identity-token'
import { mayActAs, type Role, scopesOf } from '#schema/scopes'

/** Somebody themselves, in a browser: nobody acts through a third person, and no program does. */
export type Self = Viewer & { readonly sessionId: string }

export const isSelf = (viewer: Viewer | null): viewer is Self =>
  viewer !== null && viewer.actor === null && viewer.sessionId !== null

type Target = { readonly id: string; readonly roles: readonly Role[] }

/** Nobody acts as themselves. */
export const mayImpersonate = (viewer: Viewer, { id, roles }: Target): boolean =>
  viewer.id !== id && mayActAs({ by: viewer.scopes, roles, readOnly: true })

/** Support only looks. */
export const mayChange = (viewer: Viewer): boolean => viewer.scopes.has('users:admin')

/** What of the named scopes the person who named them holds today. */
export const heldOf = (scopes: readonly string[], roles: readonly Role[]): string[] => {
  const held: ReadonlySet<string> = scopesOf(roles)
  return scopes.filter((scope) => held.has(scope))
}
