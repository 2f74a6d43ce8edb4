import type { Viewer } from '#kit/identity-token'

/** A coach prices their own services and nobody else's; null for whoever is no coach. */
export const ownCoachId = (viewer: Viewer | null) =>
  viewer?.scopes.has('coach') ? viewer.id : null
