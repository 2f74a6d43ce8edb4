import { Link } from '@tanstack/react-router'
import type { BookingCard } from '../../graph/fragments.ts'
import { type MessageId, useText } from '../../i18n/text.ts'
import { buttonClass } from '../../ui/button.tsx'
import { ChooseAnother } from './expired.tsx'
import { BookingFace } from './face.tsx'

const leads: Partial<Record<BookingCard['status'], MessageId>> = {
  CANCELLED_BY_COACH: 'cancelled.byCoach',
  DECLINED: 'cancelled.declined',
}

export function CancelledBooking({ booking }: { booking: BookingCard }) {
  const { t } = useText()
  const actions = (
    <>
      <ChooseAnother booking={booking} label={t('cancelled.again')} />
      <Link to="/bookings" className={buttonClass({ variant: 'secondary', size: 'lg' })}>
        {t('nav.bookings')}
      </Link>
    </>
  )
  return (
    <BookingFace
      booking={booking}
      icon="close"
      tone="neutral"
      title={t('cancelled.title')}
      lead={t(leads[booking.status] ?? 'cancelled.byClient')}
      actions={actions}
    />
  )
}
