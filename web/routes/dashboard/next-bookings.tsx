import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useQuery } from 'urql'
import { serverNow } from '../../graph/clock.ts'
import type { BookingCard } from '../../graph/fragments.ts'
import { formatInstant, formatRange, visitorZone } from '../../i18n/format.ts'
import { useText } from '../../i18n/text.ts'
import { buttonClass } from '../../ui/button.tsx'
import { DayLeaf } from '../../ui/day-leaf.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { DashboardBookings } from './query.ts'

const shown = 3
const longestSessionMs = 12 * 3_600_000

/** Not in the order of "My bookings": the two lists are of different lengths, and kept apart. */
const status = ['IN_PROGRESS', 'CONFIRMED', 'PENDING_CONFIRMATION', 'HELD'] as const

function Row({ booking }: { booking: BookingCard }) {
  const { t, tag } = useText()
  const place = { tag, timeZone: visitorZone() }
  return (
    <div className="relative flex items-center gap-4 rounded-xl border border-line bg-surface p-4 shadow-1 transition-[border-color,box-shadow] duration-200 hover:border-line-strong hover:shadow-2">
      <DayLeaf startsAt={booking.startsAt} />
      <div className="min-w-0 flex-1">
        <h3 className="flex flex-wrap items-center gap-x-3 gap-y-1 font-medium">
          <Link
            to="/bookings/$id"
            params={{ id: booking.id }}
            className="after:absolute after:inset-0 after:rounded-xl"
          >
            {booking.service.name}
          </Link>
          <StatusBadge status={booking.status} />
        </h3>
        <p className="text-sm text-ink-soft">{booking.coach.displayName}</p>
        <p className="text-sm text-ink-soft tabular-nums first-letter:uppercase">
          {t('booker.when', {
            day: formatInstant(booking.startsAt, 'shortDay', place),
            time: formatRange(booking.startsAt, booking.endsAt, place),
          })}
        </p>
      </div>
    </div>
  )
}

function None() {
  const { t } = useText()
  return (
    <div className="flex flex-col items-start gap-4 rounded-xl border border-dashed border-line-strong p-6">
      <div>
        <p className="font-medium">{t('bookings.none.title')}</p>
        <p className="text-sm text-ink-soft">{t('bookings.none.body')}</p>
      </div>
      <Link to="/coaches" className={buttonClass({ size: 'sm' })}>
        {t('coaches.find')}
      </Link>
    </div>
  )
}

/** What comes next, the nearest first. */
export function NextBookings() {
  const { t, locale } = useText()
  const [from] = useState(() => new Date(serverNow() - longestSessionMs).toISOString())
  const [{ data, error }, ask] = useQuery({
    query: DashboardBookings,
    variables: { filter: { status: [...status], from }, locale },
    requestPolicy: 'cache-and-network',
  })
  const edges = data?.viewer?.bookings.edges
  const bookings = edges
    ?.map(({ node }) => node)
    .filter(({ endsAt }) => Date.parse(endsAt) > serverNow())
    .slice(0, shown)
  return (
    <section aria-labelledby="next" className="min-w-0">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 id="next" className="text-xl font-semibold">
          {t('dashboard.next')}
        </h2>
        <Link
          to="/bookings"
          className="inline-flex min-h-9 items-center text-sm font-medium text-accent-ink underline underline-offset-2"
        >
          {t('nav.bookings')}
        </Link>
      </div>
      <div className="mt-3 flex flex-col gap-3">
        {bookings?.map((booking) => (
          <Row key={booking.id} booking={booking} />
        ))}
        {bookings?.length === 0 && <None />}
        {!bookings && !error && <Skeleton className="h-26 w-full" />}
        {!bookings && error && (
          <ErrorState error={error} retry={() => ask({ requestPolicy: 'network-only' })} />
        )}
      </div>
    </section>
  )
}
