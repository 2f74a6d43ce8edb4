import { Link } from '@tanstack/react-router'
import { formatMoney } from '../../i18n/format.ts'
import { type MessageId, useText } from '../../i18n/text.ts'
import { buttonClass } from '../../ui/button.tsx'
import { ChooseAnother } from './expired.tsx'
import { BookingFace } from './face.tsx'
import type { BookingDetail } from './query.ts'

const leads: Partial<Record<BookingDetail['status'], MessageId>> = {
  CANCELLED_BY_COACH: 'cancelled.byCoach',
  DECLINED: 'cancelled.declined',
}

/** What goes back to the person, once it does; a coach who cancels gives everything back. */
function Refund({ booking }: { booking: BookingDetail }) {
  const { t, tag } = useText()
  const { payment, status } = booking
  if (payment && payment.refunded.amount > 0)
    return (
      <p className="mt-1.5">
        {t('cancelled.refunded', { amount: formatMoney(payment.refunded, tag) })}
      </p>
    )
  if (payment?.status !== 'SUCCEEDED' || status === 'CANCELLED_BY_CLIENT') return null
  return <p className="mt-1.5">{t('cancelled.refundComing')}</p>
}

export function CancelledBooking({ booking }: { booking: BookingDetail }) {
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
      lead={
        <>
          <p>{t(leads[booking.status] ?? 'cancelled.byClient')}</p>
          <Refund booking={booking} />
        </>
      }
      actions={actions}
    />
  )
}
