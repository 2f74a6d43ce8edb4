import { AppError } from '#kit/errors'
import type { Viewer } from '#kit/identity-token'

/**
 * Whose password one changes: one's own. Throws FORBIDDEN for whoever acts for another, and for a
 * program that is not trusted with all that is a person's.
 */
export function ownCredentialOf(viewer: Viewer | null): Viewer {
  if (viewer?.actor === null && viewer.scopes.has('self')) return viewer
  throw new AppError('FORBIDDEN', "You may not change another person's password.")
}
