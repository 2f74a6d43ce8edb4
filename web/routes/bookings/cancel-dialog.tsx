import type { BookingCard } from '../../graph/fragments.ts'
import { formatInstant, formatRange, visitorZone } from '../../i18n/format.ts'
import { useText } from '../../i18n/text.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'

type CancelDialogProps = {
  booking: BookingCard
  onClose: () => void
  onConfirm: () => void
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
      {canCancelUntil && (
        <p className="mt-3 text-sm">
          {t('booking.cancelUntil', { time: formatInstant(canCancelUntil, 'moment', place) })}
        </p>
      )}
    </Dialog>
  )
}
