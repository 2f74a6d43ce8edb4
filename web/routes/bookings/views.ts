import type { BookingCard, BookingStatus } from '../../graph/fragments.ts'

export const views = ['upcoming', 'past', 'cancelled'] as const
export type View = (typeof views)[number]

export const viewFrom = (text: string | undefined): View =>
  views.find((view) => view === text) ?? 'upcoming'

type Filter = { status: BookingStatus[]; from?: string; to?: string }

const hourMs = 3_600_000
/** A session that runs began at most this long ago. */
const longestSessionMs = 12 * hourMs

/** Whole hours, so that the same question finds its answer in the cache. */
const wholeHour = (ms: number): string => new Date(Math.floor(ms / hourMs) * hourMs).toISOString()

export const filterOf = (view: View, nowMs: number): Filter => {
  const filters: Record<View, Filter> = {
    upcoming: {
      status: ['HELD', 'PENDING_CONFIRMATION', 'CONFIRMED', 'IN_PROGRESS'],
      from: wholeHour(nowMs - longestSessionMs),
    },
    past: {
      status: ['CONFIRMED', 'IN_PROGRESS', 'COMPLETED', 'NO_SHOW'],
      to: wholeHour(nowMs + hourMs),
    },
    cancelled: { status: ['CANCELLED_BY_CLIENT', 'CANCELLED_BY_COACH', 'DECLINED'] },
  }
  return filters[view]
}

/** What is next comes first; of what is over, the latest. */
export const orderOf = (view: View): 'NEAREST_FIRST' | 'NEWEST_FIRST' =>
  view === 'upcoming' ? 'NEAREST_FIRST' : 'NEWEST_FIRST'

/** The server answers by whole hours: what has ended since is past. */
export function shownIn(
  view: View,
  bookings: readonly BookingCard[],
  nowMs: number,
): BookingCard[] {
  const isOver = ({ endsAt }: BookingCard): boolean => Date.parse(endsAt) <= nowMs
  if (view === 'upcoming') return bookings.filter((booking) => !isOver(booking))
  return view === 'past' ? bookings.filter(isOver) : [...bookings]
}
