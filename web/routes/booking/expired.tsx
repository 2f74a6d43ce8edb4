import { Link } from '@tanstack/react-router'
import { localDateOf, visitorZone } from '../../i18n/format.ts'
import { useText } from '../../i18n/text.ts'
import { buttonClass } from '../../ui/button.tsx'
import { BookingFace } from './face.tsx'
import type { BookingDetail } from './query.ts'

/** The way back to the same service of the same coach. */
export function ChooseAnother({ booking, label }: { booking: BookingDetail; label: string }) {
  const { service, startsAt } = booking
  // The same day, and the same time if it is still free.
  const search = { service: service.id, day: localDateOf(startsAt, visitorZone()), at: startsAt }
  return (
    <Link
      to="/coaches/$slug"
      params={{ slug: booking.coach.slug }}
      search={search}
      className={buttonClass({ size: 'lg' })}
    >
      {label}
    </Link>
  )
}

export function ExpiredHold({ booking }: { booking: BookingDetail }) {
  const { t } = useText()
  return (
    <BookingFace
      booking={booking}
      icon="clock"
      tone="neutral"
      title={t('expired.title')}
      lead={t('expired.lead')}
      actions={<ChooseAnother booking={booking} label={t('expired.again')} />}
    />
  )
}
