import { serverNow } from '../graph/clock.ts'
import type { Session } from '../session/session.tsx'

// What is asked within the last seconds of the level may arrive after it.
const marginMs = 5_000

/** True while a second factor is fresh enough for what needs one. */
export const isSteppedUp = (session: Session): boolean =>
  session.state === 'signed-in' &&
  session.acr >= 2 &&
  (!session.acrUntil || Date.parse(session.acrUntil) - serverNow() > marginMs)
