import type { Viewer } from '#kit/identity-token'

type Owned = { readonly coachId: string; readonly archivedAt: Date | null }

/** What is on offer is public; what no longer is remains its coach's to see and to offer again. */
export const mayReadService = (viewer: Viewer | null, { coachId, archivedAt }: Owned) =>
  archivedAt === null || viewer?.id === coachId
