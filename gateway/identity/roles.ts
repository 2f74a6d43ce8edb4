import { z } from 'zod'
import { type Role, roleFrom } from '#schema/scopes'

/** Where a provider writes realm roles: `roles`, or Keycloak's `realm_access.roles`. */
export const RoleClaims = z.object({
  roles: z.array(z.string()).optional(),
  realm_access: z.object({ roles: z.array(z.string()) }).optional(),
})
export type RoleClaims = z.infer<typeof RoleClaims>

/** Roles that Plexus does not know (every Keycloak realm has some of its own) grant nothing. */
export const rolesIn = ({ roles, realm_access }: RoleClaims): Role[] =>
  (roles ?? realm_access?.roles ?? []).map(roleFrom).filter((role) => role !== null)
