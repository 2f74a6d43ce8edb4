import { AppError } from '#kit/errors'
import type { Viewer } from '#kit/identity-token'

/** The person who asks. Throws UNAUTHENTICATED for nobody. */
export function callerFrom(viewer: Viewer | null): Viewer {
  if (viewer) return viewer
  throw new AppError('UNAUTHENTICATED', 'Sign in to do this.')
}

export const idOfCaller = (viewer: Viewer | null): string => callerFrom(viewer).id

/** What a bank thinks of somebody's card is theirs to know, and for the books; a coach sees that nothing was paid. */
export const maySeeFailure = (viewer: Viewer | null, { clientId }: { clientId: string }) =>
  viewer !== null && (viewer.id === clientId || viewer.scopes.has('billing:read'))

/** A booking is paid for by its client and nobody else. */
export const maySettle = (viewer: Viewer | null, { clientId }: { clientId: string }) =>
  viewer?.id === clientId
