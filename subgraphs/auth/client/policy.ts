import type { Viewer } from '#kit/identity-token'

/** Who registers partners' programs and ends them. Nobody does it in another person's name. */
export const mayAdministerClients = (viewer: Viewer | null): viewer is Viewer =>
  viewer !== null && viewer.actor === null && viewer.scopes.has('clients:admin')
