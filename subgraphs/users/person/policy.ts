import type { Viewer } from '#kit/identity-token'

/** A person's contact details and settings are theirs; everybody else needs the scope. */
export const mayReadDetails = (viewer: Viewer | null, personId: string) =>
  viewer?.id === personId || (viewer?.scopes.has('users:read') ?? false)
