import { AppError } from './errors.ts'
import { createPlace, type Place } from './place.ts'

/** A position on the bus, with what the subscription itself has to remember beside it. */
export type Followed = { readonly position: number; readonly mark: string }

/**
 * What a subscription knows of the stream that it feeds. One `Live.listen` for each stream: it keeps
 * the place up to date.
 */
export type Following = {
  /** Aborts when nobody reads any more. */
  readonly signal: AbortSignal
  /** What the reader has seen before; null for one that begins now. */
  readonly after: Followed | null
  readonly place: Place
  /** The id of a position, with what was remembered. */
  idOf(position: number): string
  /** The event of this position is being answered. */
  hold(position: number): void
  /** Goes into every id from now on, that of the event in hand too, and comes back in `after`: letters and digits. */
  remember(mark: string): void
}

export const eventsMissed = () =>
  new AppError(
    'EVENTS_MISSED',
    'What has happened since then cannot be told any more. Read anew, and subscribe without Last-Event-ID.',
  )

const idPattern = /^(\d{1,15})(?:\.([0-9A-Za-z]{1,64}))?$/

/** Throws EVENTS_MISSED for an id that is none of ours. */
export function followingOf(lastEventId: string | null, signal: AbortSignal): Following {
  const after = lastEventId === null ? null : followedFrom(lastEventId)
  const place = createPlace(lastEventId)
  let mark = after?.mark ?? ''
  let held: number | null = null
  const idOf = (position: number) => (mark === '' ? `${position}` : `${position}.${mark}`)
  const hold = (position: number) => {
    held = position
    place.inHand = idOf(position)
  }
  const remember = (said: string) => {
    mark = said
    if (held !== null) hold(held)
  }
  return { signal, after, place, idOf, hold, remember }
}

function followedFrom(id: string): Followed {
  const [, position, mark = ''] = idPattern.exec(id) ?? []
  if (position === undefined) throw eventsMissed()
  return { position: Number(position), mark }
}
