import { useQuery } from 'urql'
import type { BookingCard } from '../../graph/fragments.ts'
import {
  formatInstant,
  formatMoney,
  formatPercent,
  formatRange,
  visitorZone,
} from '../../i18n/format.ts'
import { useText } from '../../i18n/text.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { CancelPreview } from './query.ts'

type CancelDialogProps = {
  booking: BookingCard
  onClose: () => void
  onConfirm: () => void
}

/** What comes back, asked anew now that it matters; what is known shows meanwhile. */
function RefundLine({ booking }: { booking: BookingCard }) {
  const { t, tag, locale } = useText()
  const [{ data }] = useQuery({
    query: CancelPreview,
    variables: { id: booking.id, locale },
    pause: !booking.price,
    requestPolicy: 'cache-and-network',
  })
  const { price, refundPreview } = data?.booking ?? booking
  if (!price) return null
  if (!refundPreview) return <p className="mt-3 font-medium text-ink">{t('cancel.noRefund')}</p>
  const { amount, percent, until } = refundPreview
  const place = { tag, timeZone: visitorZone() }
  return (
    <p className="mt-3 font-medium text-ink">
      {t(until ? 'cancel.refundUntil' : 'cancel.refund', {
        amount: formatMoney(amount, tag),
        percent: formatPercent(percent, tag),
        time: until ? formatInstant(until, 'moment', place) : '',
      })}
    </p>
  )
}

export function CancelDialog({ booking, onClose, onConfirm }: CancelDialogProps) {
  const { t, tag } = useText()
  const place = { tag, timeZone: visitorZone() }
  const { service, coach, startsAt, endsAt, canCancelUntil } = booking
  const actions = (
    <>
      <Button variant="secondary" onClick={onClose}>
        {t('cancel.keep')}
      </Button>
      <Button variant="danger" onClick={onConfirm}>
        {t('cancel.confirm')}
      </Button>
    </>
  )
  return (
    <Dialog title={t('cancel.title')} onClose={onClose} actions={actions}>
      <p>
        {t('cancel.body', {
          service: service.name,
          coach: coach.displayName,
          day: formatInstant(startsAt, 'day', place),
          time: formatRange(startsAt, endsAt, place),
        })}
      </p>
      <RefundLine booking={booking} />
      {canCancelUntil && (
        <p className="mt-3 text-sm">
          {t('booking.cancelUntil', { time: formatInstant(canCancelUntil, 'moment', place) })}
        </p>
      )}
    </Dialog>
  )
}
