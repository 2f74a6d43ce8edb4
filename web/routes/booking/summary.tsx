import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import {
  formatDuration,
  formatInstant,
  formatRange,
  sameTime,
  visitorZone,
  zoneLabel,
} from '../../i18n/format.ts'
import { useText } from '../../i18n/text.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Icon, type IconName } from '../../ui/icons.tsx'
import { locationLook } from '../../ui/location.ts'
import { Price, RefundPolicy } from './money.tsx'
import type { BookingDetail } from './query.ts'

const Fact = ({ icon, term, children }: { icon: IconName; term: string; children: ReactNode }) => (
  <div className="flex gap-3.5">
    <dt>
      <Icon name={icon} className="mt-0.5 size-5 text-ink-faint" />
      <span className="sr-only">{term}</span>
    </dt>
    <dd className="min-w-0">{children}</dd>
  </div>
)

function When({ booking }: { booking: BookingDetail }) {
  const { t, tag } = useText()
  const { startsAt, endsAt, timeZone } = booking
  const yours = visitorZone()
  const at = Date.parse(startsAt)
  const timeIn = (zone: string): string => formatRange(startsAt, endsAt, { tag, timeZone: zone })
  return (
    <>
      <p className="font-medium first-letter:uppercase">
        {formatInstant(startsAt, 'fullDay', { tag, timeZone: yours })}
      </p>
      <p className="text-ink-soft tabular-nums">
        {timeIn(yours)} · {zoneLabel(yours, tag, at)}
      </p>
      {!sameTime(timeZone, yours, at) && (
        <p className="text-sm text-ink-faint tabular-nums">
          {t('booking.coachTime', { time: timeIn(timeZone), zone: zoneLabel(timeZone, tag, at) })}
        </p>
      )}
    </>
  )
}

/** Nothing is left to give back once everything has been. */
const hasRefundToTell = ({ status, canCancelUntil, price, payment }: BookingDetail): boolean =>
  price !== null && payment?.status !== 'REFUNDED' && (status === 'HELD' || canCancelUntil !== null)

type SummaryProps = { booking: BookingDetail; isSettling?: boolean | undefined }

/** Who, what, when and where: the same on every face of a booking. */
export function Summary({ booking, isSettling = false }: SummaryProps) {
  const { t, tag } = useText()
  const { coach, service } = booking
  const { icon, name } = locationLook[service.location]
  return (
    <div className="rounded-lg border border-line bg-sunken p-5">
      <div className="flex items-center gap-4 border-b border-line pb-4">
        <Avatar name={coach.displayName} />
        <div className="min-w-0">
          <p className="font-semibold">{service.name}</p>
          <Link
            to="/coaches/$slug"
            params={{ slug: coach.slug }}
            className="inline-flex min-h-6 items-center text-sm text-ink-soft underline decoration-line-strong underline-offset-2 hover:text-ink"
          >
            {coach.displayName}
          </Link>
        </div>
      </div>
      <dl className="mt-4 flex flex-col gap-3.5">
        <Fact icon="calendar" term={t('booking.when')}>
          <When booking={booking} />
        </Fact>
        <Fact icon="clock" term={t('booking.duration')}>
          {formatDuration(service.duration, tag)}
        </Fact>
        <Fact icon={icon} term={t('booking.where')}>
          {t(name)}
        </Fact>
        <Fact icon="card" term={t('booking.price')}>
          <Price booking={booking} isSettling={isSettling} />
        </Fact>
      </dl>
      {!isSettling && hasRefundToTell(booking) && <RefundPolicy booking={booking} />}
    </div>
  )
}
