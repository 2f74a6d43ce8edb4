import type { Viewer } from '#kit/identity-token'

/** A coach writes their own profile and nobody else's. */
export const ownCoachId = (viewer: Viewer | null) =>
  viewer?.scopes.has('coach') ? viewer.id : null
