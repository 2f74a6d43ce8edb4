import type { Viewer } from '#kit/identity-token'

/** Only somebody who administers people creates an account for somebody else. */
export const mayProvision = (viewer: Viewer | null): viewer is Viewer =>
  viewer?.scopes.has('users:admin') ?? false
