import { isSteppedUp, type Viewer } from '#kit/identity-token'
import { type Factors, hasFactor } from './rules.ts'

/**
 * Whose factors one sees and changes: one's own. Null for nobody, for whoever acts for another, and
 * for a program that is not trusted with all that is a person's.
 */
export const ownFactorsOf = (viewer: Viewer | null): string | null =>
  viewer?.actor === null && viewer.scopes.has('self') ? viewer.id : null

/**
 * A first factor takes a fresh proof of who one is; another one beside it the factor that is there.
 * Without this a session that was left open could be made somebody else's for good.
 */
export const mayAddFactor = (
  viewer: Viewer,
  { factors, isFresh }: { factors: Factors; isFresh: boolean },
): boolean => (hasFactor(factors) ? isSteppedUp(viewer) : isFresh)
