import { Link } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react'
import { serverNow } from '../../graph/clock.ts'
import { formatInstant, visitorZone } from '../../i18n/format.ts'
import { type MessageId, useText } from '../../i18n/text.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { CancelButton, type Cancelling } from '../bookings/cancelling.tsx'
import { calendarFile } from './calendar-file.ts'
import { BookingFace } from './face.tsx'
import type { BookingDetail } from './query.ts'

// Calendar and times come when somebody wants to move.
const MovePanel = lazy(async () => ({ default: (await import('./move-panel.tsx')).MovePanel }))

function download(name: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type: 'text/calendar;charset=utf-8' }))
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  URL.revokeObjectURL(url)
}

function AddToCalendar({ booking }: { booking: BookingDetail }) {
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
    <Button variant="secondary" onClick={save}>
      <Icon name="download" />
      {t('confirmed.calendar')}
    </Button>
  )
}

const titles: Partial<Record<BookingDetail['status'], MessageId>> = {
  PENDING_CONFIRMATION: 'confirmed.pending.title',
  IN_PROGRESS: 'status.IN_PROGRESS',
  COMPLETED: 'confirmed.completed.title',
  NO_SHOW: 'status.NO_SHOW',
}

function Lead({ booking }: { booking: BookingDetail }) {
  const { t, tag } = useText()
  const until = booking.canCancelUntil
  const place = { tag, timeZone: visitorZone() }
  return (
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
}

const mayMove = ({ status, canRescheduleUntil }: BookingDetail): boolean =>
  status === 'CONFIRMED' &&
  canRescheduleUntil !== null &&
  Date.parse(canRescheduleUntil) > serverNow()

/** Takes the focus, for the button that had it is gone; on a phone the new time is far above it. */
function MovedNotice() {
  const { t } = useText()
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => place.current?.focus(), [])
  return (
    <div ref={place} tabIndex={-1} data-focus-target className="mt-5 scroll-mt-24">
      <Notice tone="positive">{t('move.done')}</Notice>
    </div>
  )
}

type Moving = { isOpen: boolean; open: () => void; notice: ReactNode; panel: ReactNode }

function useMoving(booking: BookingDetail): Moving {
  const [state, setState] = useState<'closed' | 'open' | 'moved'>('closed')
  return {
    isOpen: state === 'open',
    open: () => setState('open'),
    notice: state === 'moved' && <MovedNotice />,
    panel: state === 'open' && (
      <Suspense fallback={<Skeleton className="mt-6 h-96 w-full" />}>
        <MovePanel
          booking={booking}
          onClose={() => setState('closed')}
          onMoved={() => setState('moved')}
        />
      </Suspense>
    ),
  }
}

type ConfirmedProps = { booking: BookingDetail; cancelling: Cancelling }

export function ConfirmedBooking({ booking, cancelling }: ConfirmedProps) {
  const { t } = useText()
  const { isOpen, open, notice, panel } = useMoving(booking)
  const actions = (
    <>
      <Link to="/bookings" className={buttonClass()}>
        {t('nav.bookings')}
      </Link>
      <AddToCalendar booking={booking} />
      {mayMove(booking) && (
        <Button variant="secondary" aria-expanded={isOpen} onClick={open}>
          {t('move.open')}
        </Button>
      )}
      <CancelButton booking={booking} ask={cancelling.ask} size="md" />
    </>
  )
  return (
    <BookingFace
      booking={booking}
      icon="check"
      tone="positive"
      title={t(titles[booking.status] ?? 'confirmed.title')}
      lead={<Lead booking={booking} />}
      problem={cancelling.problem}
      actions={actions}
      after={panel}
    >
      {notice}
      {cancelling.dialog}
    </BookingFace>
  )
}
