import type { Viewer } from '#kit/identity-token'

/** Who publishes: nobody does it in another person's name. */
export const mayPublish = (viewer: Viewer | null): viewer is Viewer =>
  viewer !== null && viewer.actor === null && viewer.scopes.has('operations:publish')

/** Who publishes for every client, and ends what others published; a program is for itself alone. */
export const mayAdministerOperations = (viewer: Viewer | null): viewer is Viewer =>
  mayPublish(viewer) && viewer.scopes.has('operations:read')
