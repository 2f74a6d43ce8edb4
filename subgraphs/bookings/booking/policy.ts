import { AppError } from '#kit/errors'
import type { Viewer } from '#kit/identity-token'

type Parties = { readonly clientId: string; readonly coachId: string }

/** Support may see a booking and is neither side of it: null. */
export function sideOf(viewer: Viewer | null, booking: Parties): 'client' | 'coach' | null {
  if (viewer === null) return null
  if (viewer.id === booking.clientId) return 'client'
  return viewer.id === booking.coachId ? 'coach' : null
}

/** Checkout is the client's own: nobody confirms or releases somebody else's hold. */
export const mayCheckOut = (viewer: Viewer | null, booking: Parties) =>
  sideOf(viewer, booking) === 'client'

/** A calendar shows whom a coach meets: it is their own, and support's to look at. */
export const mayFollowCalendar = (viewer: Viewer | null, coachId: string) =>
  viewer !== null && (viewer.id === coachId || viewer.scopes.has('bookings:admin'))

/** Support looks at everybody's bookings; each other person has a list of their own. */
export const maySeeAll = (viewer: Viewer | null) => viewer?.scopes.has('bookings:admin') ?? false

/** The person who asks. Throws UNAUTHENTICATED for nobody. */
export function idOfCaller(viewer: Viewer | null): string {
  if (viewer) return viewer.id
  throw new AppError('UNAUTHENTICATED', 'Sign in to do this.')
}
