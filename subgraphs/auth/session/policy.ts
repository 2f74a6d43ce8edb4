import type { Viewer } from '#kit/identity-token'

/**
 * Whose sessions one sees and ends: one's own. Null for nobody, for whoever acts for another, and
 * for a program that is not trusted with all that is a person's.
 */
export const ownSessionsOf = (viewer: Viewer | null): string | null =>
  viewer?.actor === null && viewer.scopes.has('self') ? viewer.id : null

/** Whether one ends sessions of other people: as oneself only. */
export const mayEndOthersSessions = (viewer: Viewer | null): boolean =>
  viewer !== null && viewer.actor === null && viewer.scopes.has('users:admin')
