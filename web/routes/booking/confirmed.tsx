import { Link } from '@tanstack/react-router'
import type { BookingCard } from '../../graph/fragments.ts'
import { formatInstant, visitorZone } from '../../i18n/format.ts'
import { type MessageId, useText } from '../../i18n/text.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Icon } from '../../ui/icons.tsx'
import { calendarFile } from './calendar-file.ts'
import { BookingFace } from './face.tsx'

function download(name: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type: 'text/calendar;charset=utf-8' }))
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  URL.revokeObjectURL(url)
}

function AddToCalendar({ booking }: { booking: BookingCard }) {
  const { t } = useText()
  const save = () =>
    download(
      `plexus-${booking.reference}.ics`,
      calendarFile({
        uid: `${booking.reference}@plexus`,
        title: `${booking.service.name} · ${booking.coach.displayName}`,
        startsAt: booking.startsAt,
        endsAt: booking.endsAt,
        description: `${t('booking.reference')} ${booking.reference}`,
        url: location.href,
        stampedAt: new Date(),
      }),
    )
  return (
    <Button variant="secondary" size="lg" onClick={save}>
      <Icon name="download" />
      {t('confirmed.calendar')}
    </Button>
  )
}

const titles: Partial<Record<BookingCard['status'], MessageId>> = {
  PENDING_CONFIRMATION: 'confirmed.pending.title',
  IN_PROGRESS: 'status.IN_PROGRESS',
  COMPLETED: 'confirmed.completed.title',
  NO_SHOW: 'status.NO_SHOW',
}

export function ConfirmedBooking({ booking }: { booking: BookingCard }) {
  const { t, tag } = useText()
  const until = booking.canCancelUntil
  const place = { tag, timeZone: visitorZone() }
  const actions = (
    <>
      <Link to="/bookings" className={buttonClass({ size: 'lg' })}>
        {t('nav.bookings')}
      </Link>
      <AddToCalendar booking={booking} />
    </>
  )
  const lead = (
    <>
      <p className="flex flex-wrap items-center gap-2">
        {t('booking.reference')}
        <strong className="rounded-sm bg-sunken px-2 py-0.5 font-mono text-sm font-semibold tracking-wider text-ink">
          {booking.reference}
        </strong>
      </p>
      {until && (
        <p className="mt-1.5 text-sm text-ink-faint">
          {t('booking.cancelUntil', { time: formatInstant(until, 'moment', place) })}
        </p>
      )}
    </>
  )
  return (
    <BookingFace
      booking={booking}
      icon="check"
      tone="positive"
      title={t(titles[booking.status] ?? 'confirmed.title')}
      lead={lead}
      actions={actions}
    />
  )
}
