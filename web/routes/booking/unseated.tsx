import { formatMoney } from '../../i18n/format.ts'
import { useText } from '../../i18n/text.ts'
import { ChooseAnother } from './expired.tsx'
import { BookingFace } from './face.tsx'
import type { BookingDetail } from './query.ts'

/** Paid too late, and the time was gone: the person is told first what happens to the money. */
export function UnseatedBooking({ booking }: { booking: BookingDetail }) {
  const { t, tag } = useText()
  const paid = booking.payment?.amount ?? booking.price
  return (
    <BookingFace
      booking={booking}
      icon="alert"
      tone="neutral"
      title={t('unseated.title')}
      lead={t('unseated.lead', { amount: paid ? formatMoney(paid, tag) : '' })}
      actions={<ChooseAnother booking={booking} label={t('expired.again')} />}
    />
  )
}
