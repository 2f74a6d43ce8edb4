import { AppError } from '#kit/errors'
import type { Viewer } from '#kit/identity-token'

/** Whose password one changes: one's own. Throws FORBIDDEN for whoever acts for another. */
export function ownCredentialOf(viewer: Viewer | null): Viewer {
  if (viewer && viewer.actor === null) return viewer
  throw new AppError('FORBIDDEN', "You may not change another person's password.")
}
