import { Link } from '@tanstack/react-router'
import type { BookingCard } from '../../graph/fragments.ts'
import { useText } from '../../i18n/text.ts'
import { buttonClass } from '../../ui/button.tsx'
import { BookingFace } from './face.tsx'

/** The way back to the same service of the same coach. */
export const ChooseAnother = ({ booking, label }: { booking: BookingCard; label: string }) => (
  <Link
    to="/coaches/$slug"
    params={{ slug: booking.coach.slug }}
    search={{ service: booking.service.id }}
    className={buttonClass({ size: 'lg' })}
  >
    {label}
  </Link>
)

export function ExpiredHold({ booking }: { booking: BookingCard }) {
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
