import { Link } from '@tanstack/react-router'
import { serverNow } from '../../graph/clock.ts'
import type { Money } from '../../graph/fragments.ts'
import { formatMoney } from '../../i18n/format.ts'
import { type MessageId, useText } from '../../i18n/text.ts'
import { buttonClass } from '../../ui/button.tsx'
import { ChooseAnother } from './expired.tsx'
import { BookingFace } from './face.tsx'
import { stepsAhead } from './money.tsx'
import type { BookingDetail } from './query.ts'

const leads: Partial<Record<BookingDetail['status'], MessageId>> = {
  CANCELLED_BY_COACH: 'cancelled.byCoach',
  DECLINED: 'cancelled.declined',
}

/** A coach who cancels gives everything back; a step that still lies ahead was there when its client did. */
const isRefundDue = (booking: BookingDetail): boolean =>
  booking.payment?.status === 'SUCCEEDED' &&
  (booking.status !== 'CANCELLED_BY_CLIENT' || stepsAhead(booking, serverNow()).length > 0)

type CancelledProps = {
  booking: BookingDetail
  /** What was shown to come back, when the booking was cancelled on this page. */
  refundDue: Money | null
}

/** What goes back to the person: as it is, or as it is about to be. */
function Refund({ booking, refundDue }: CancelledProps) {
  const { t, tag } = useText()
  const { payment } = booking
  if (payment && payment.refunded.amount > 0)
    return (
      <p className="mt-1.5">
        {t('cancelled.refunded', { amount: formatMoney(payment.refunded, tag) })}
      </p>
    )
  if (!isRefundDue(booking)) return null
  const byClient = refundDue && booking.status === 'CANCELLED_BY_CLIENT'
  return (
    <p className="mt-1.5">
      {byClient
        ? t('cancelled.refundDue', { amount: formatMoney(refundDue, tag) })
        : t('cancelled.refundComing')}
    </p>
  )
}

export function CancelledBooking({ booking, refundDue }: CancelledProps) {
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
          <Refund booking={booking} refundDue={refundDue} />
        </>
      }
      actions={actions}
    />
  )
}
