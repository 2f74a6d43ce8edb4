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
  /** Goes into the ids of the events that follow, and comes back in `after`: letters and digits. */
  mark: string
  readonly place: Place
  /** The id of a position, with the mark. */
  idOf(position: number): string
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
  return {
    signal,
    after,
    mark: after?.mark ?? '',
    place: createPlace(lastEventId),
    idOf(position) {
      return this.mark === '' ? `${position}` : `${position}.${this.mark}`
    },
  }
}

function followedFrom(id: string): Followed {
  const [, position, mark = ''] = idPattern.exec(id) ?? []
  if (position === undefined) throw eventsMissed()
  return { position: Number(position), mark }
}
