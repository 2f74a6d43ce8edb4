import type { Viewer } from '#kit/identity-token'

/** Whose sessions one sees and ends: one's own. Null for nobody. While somebody acts for another, none. */
export const ownSessionsOf = (viewer: Viewer | null): string | null =>
  viewer && viewer.actor === null ? viewer.id : null

/** Whether one ends sessions of other people: as oneself only. */
export const mayEndOthersSessions = (viewer: Viewer | null): boolean =>
  viewer !== null && viewer.actor === null && viewer.scopes.has('users:admin')
