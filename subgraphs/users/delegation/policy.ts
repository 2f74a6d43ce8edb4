import type { Viewer } from '#kit/identity-token'

/** Whose delegations one sees, gives and ends: one's own. Null for nobody, and while somebody acts for another. */
export const ownDelegationsOf = (viewer: Viewer | null): string | null =>
  viewer && viewer.actor === null ? viewer.id : null
