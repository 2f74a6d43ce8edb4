import { Link } from '@tanstack/react-router'
import { serverNow } from '../../graph/clock.ts'
import type { BookingCard } from '../../graph/fragments.ts'
import { formatInstant, formatRange, visitorZone } from '../../i18n/format.ts'
import { useText } from '../../i18n/text.ts'
import { buttonClass } from '../../ui/button.tsx'
import { DayLeaf } from '../../ui/day-leaf.tsx'
import { Icon } from '../../ui/icons.tsx'
import { locationLook } from '../../ui/location.ts'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { usePriceText } from '../../ui/use-price-text.ts'
import type { CancelEvents } from './cancel.ts'
import { CancelButton, type Cancelling, useCancelling } from './cancelling.tsx'

function Facts({ booking }: { booking: BookingCard }) {
  const { t, tag } = useText()
  const place = { tag, timeZone: visitorZone() }
  const priceText = usePriceText()
  const { icon, name } = locationLook[booking.service.location]
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-1 text-sm text-ink-soft">
      <li className="flex items-center gap-1.5">
        <Icon name="clock" className="size-4 text-ink-faint" />
        <span className="tabular-nums first-letter:uppercase">
          {t('booker.when', {
            day: formatInstant(booking.startsAt, 'shortDay', place),
            time: formatRange(booking.startsAt, booking.endsAt, place),
          })}
        </span>
      </li>
      <li className="flex items-center gap-1.5">
        <Icon name={icon} className="size-4 text-ink-faint" />
        {t(name)}
      </li>
      <li className="flex items-center gap-1.5 tabular-nums">
        <Icon name="card" className="size-4 text-ink-faint" />
        {priceText(booking.price)}
      </li>
    </ul>
  )
}

const isHeld = ({ status, holdExpiresAt }: BookingCard): boolean =>
  status === 'HELD' && holdExpiresAt !== null && Date.parse(holdExpiresAt) > serverNow()

function Actions({ booking, ask }: { booking: BookingCard; ask: Cancelling['ask'] }) {
  const { t } = useText()
  if (isHeld(booking))
    return (
      <Link to="/bookings/$id" params={{ id: booking.id }} className={buttonClass({ size: 'sm' })}>
        {t('bookings.resume')}
      </Link>
    )
  return <CancelButton booking={booking} ask={ask} />
}

export function BookingRow({ booking, events }: { booking: BookingCard; events: CancelEvents }) {
  const { ask, problem, dialog } = useCancelling(booking, events)
  const params = { id: booking.id }
  const expired = booking.status === 'HELD' && !isHeld(booking)
  return (
    <article className="rounded-xl border border-line bg-surface p-5 shadow-1 sm:p-6">
      <div className="flex gap-4 sm:gap-5">
        <DayLeaf startsAt={booking.startsAt} />
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
            <h2 className="min-w-0 text-lg font-semibold">
              <Link to="/bookings/$id" params={params} className="hover:underline">
                {booking.service.name}
              </Link>
            </h2>
            <StatusBadge status={expired ? 'EXPIRED' : booking.status} />
          </div>
          <p className="text-ink-soft">{booking.coach.displayName}</p>
          <div className="mt-3 flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
            <Facts booking={booking} />
            <Actions booking={booking} ask={ask} />
          </div>
        </div>
      </div>
      {problem && <div className="mt-4">{problem}</div>}
      {dialog}
    </article>
  )
}
