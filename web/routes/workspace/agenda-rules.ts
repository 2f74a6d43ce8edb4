type Dated = { id: string; startsAt: string; endsAt: string; version: number }

/** What is listed and what came since; of two states of one booking, the later one. */
export function withNews<Booking extends Dated>(
  listed: readonly Booking[],
  news: ReadonlyMap<string, Booking>,
): Booking[] {
  const all = new Map(listed.map((booking) => [booking.id, booking]))
  for (const [id, booking] of news) {
    const known = all.get(id)
    if (!known || known.version <= booking.version) all.set(id, booking)
  }
  return [...all.values()]
}

/** What has not ended, the next one first. */
export const ahead = <Booking extends Dated>(
  bookings: readonly Booking[],
  nowMs: number,
): Booking[] =>
  bookings
    .filter(({ endsAt }) => Date.parse(endsAt) > nowMs)
    .sort((a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt))
