import { serverNow } from '../../graph/clock.ts'
import { formatInstant, formatMoney, formatRange, visitorZone } from '../../i18n/format.ts'
import { useText } from '../../i18n/text.ts'
import { Icon } from '../../ui/icons.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { usePriceText } from '../../ui/use-price-text.ts'
import type { AgendaBooking } from './query.ts'

const Fact = ({ term, children }: { term: string; children: string }) => (
  <div>
    <dt className="text-xs text-ink-faint">{term}</dt>
    <dd className="tabular-nums">{children}</dd>
  </div>
)

function paymentText({ payment, status }: AgendaBooking) {
  if (!payment) return status === 'HELD' ? 'payment.due' : null
  if (payment.status === 'SUCCEEDED') return 'payment.paid'
  if (payment.status === 'REFUNDED') return 'payment.refundedAll'
  if (payment.status === 'PARTIALLY_REFUNDED') return 'payment.refunded'
  if (payment.status === 'PROCESSING') return 'payment.processing'
  return status === 'HELD' ? 'payment.due' : 'payment.none'
}

function Money({ booking }: { booking: AgendaBooking }) {
  const { t, tag } = useText()
  const priceText = usePriceText()
  const state = booking.price && paymentText(booking)
  const refunded = booking.payment ? formatMoney(booking.payment.refunded, tag) : ''
  const texts = [priceText(booking.price), state && t(state, { amount: refunded })]
  return <Fact term={t('booking.price')}>{texts.filter(Boolean).join(' · ')}</Fact>
}

type AgendaRowProps = { booking: AgendaBooking; isNews: boolean }

/** One booking in the coach's list; what is needed less often opens below it. */
export function AgendaRow({ booking, isNews }: AgendaRowProps) {
  const { t, tag } = useText()
  const { startsAt, endsAt, service, client, status, holdExpiresAt } = booking
  const place = { tag, timeZone: visitorZone() }
  const hasExpired = status === 'HELD' && Date.parse(holdExpiresAt ?? '') <= serverNow()
  const edge = isNews ? 'border-accent' : 'border-line'
  return (
    <details className={`group rounded-lg border bg-surface ${edge}`}>
      <summary className="flex cursor-pointer list-none items-center gap-x-3 rounded-lg sm:gap-x-5 p-4 sm:px-5">
        <span className="min-w-0 flex-1">
          <span className="block font-medium tabular-nums first-letter:uppercase">
            {t('booker.when', {
              day: formatInstant(startsAt, 'shortDay', place),
              time: formatRange(startsAt, endsAt, place),
            })}
          </span>
          <span className="block text-sm text-ink-soft">
            {service.name} · {t('agenda.client', { name: client.displayName })}
          </span>
        </span>
        <StatusBadge status={hasExpired ? 'EXPIRED' : status} />
        <Icon name="down" className="size-5 text-ink-faint group-open:rotate-180" />
        <span className="sr-only">{t('agenda.more')}</span>
      </summary>
      <dl className="grid grid-cols-2 gap-4 border-t border-line p-4 text-sm sm:grid-cols-3 sm:px-5">
        <Fact term={t('booking.reference')}>{booking.reference}</Fact>
        <Money booking={booking} />
        <Fact term={t('agenda.seats')}>{String(booking.seats)}</Fact>
      </dl>
    </details>
  )
}
