import type { Role } from '#schema/scopes'

/** What somebody did in Keycloak, as much of it as concerns Plexus. */
export type KeycloakEvent = {
  readonly id: string
  readonly at: Date
  /** Whose account it was about; null for an address that has none. */
  readonly personId: string | null
  /** Null for an administrator of Keycloak whom Plexus does not know, and for nobody. */
  readonly actorId: string | null
  readonly ip: string | null
  readonly happened: Happened
}

type Plain = 'failed' | 'locked' | 'verified' | 'created' | 'changed' | 'deleted'

export type Happened =
  | { readonly kind: Plain }
  /** What a sign-in is proven by, by Keycloak's name for it: `password`, `otp`, `webauthn`. */
  | { readonly kind: 'credential-set' | 'credential-removed'; readonly type: string }
  | { readonly kind: 'disabled' }
  | { readonly kind: 'roles-given' | 'roles-taken'; readonly roles: readonly Role[] }
  /** Roles may have come or gone with it. */
  | { readonly kind: 'group-changed' }
