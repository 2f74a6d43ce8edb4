import type { Viewer } from '#kit/identity-token'

/** A coach writes their own hours and services and nobody else's; null for whoever is no coach. */
export const ownCoachId = (viewer: Viewer | null) =>
  viewer?.scopes.has('coach') ? viewer.id : null
