import { serverNow } from '../../graph/clock.ts'
import {
  formatInstant,
  formatMoney,
  formatPercent,
  minutesOf,
  visitorZone,
} from '../../i18n/format.ts'
import { type MessageId, useText } from '../../i18n/text.ts'
import { Icon } from '../../ui/icons.tsx'
import type { BookingDetail } from './query.ts'

type PaymentStatus = NonNullable<BookingDetail['payment']>['status']

const states: Record<PaymentStatus, MessageId> = {
  REQUIRES_ACTION: 'payment.due',
  PROCESSING: 'payment.processing',
  SUCCEEDED: 'payment.paid',
  FAILED: 'payment.due',
  CANCELLED: 'payment.none',
  PARTIALLY_REFUNDED: 'payment.refunded',
  REFUNDED: 'payment.refundedAll',
}

const unpaid: ReadonlySet<string> = new Set(['REQUIRES_ACTION', 'FAILED'])

/** Where the money of a booking is; null when there is nothing to say beyond the price. */
function stateOf({ status, payment }: BookingDetail): MessageId | null {
  const isOpen = status === 'HELD'
  if (!payment) return isOpen ? 'payment.due' : null
  return unpaid.has(payment.status) && !isOpen ? 'payment.none' : states[payment.status]
}

type PriceProps = {
  booking: BookingDetail
  /** Back from paying: what is known of the payment is older than what the person knows. */
  isSettling: boolean
}

/** The price, and whether it is paid, to be paid, or on its way back. */
export function Price({ booking, isSettling }: PriceProps) {
  const { t, tag } = useText()
  const { price, payment } = booking
  if (!price) return <>{t('price.free')}</>
  const state = isSettling ? 'payment.processing' : stateOf(booking)
  const amount = payment ? formatMoney(payment.refunded, tag) : ''
  return (
    <>
      <p className="font-medium tabular-nums">{formatMoney(price, tag)}</p>
      {state && <p className="text-sm text-ink-soft">{t(state, { amount })}</p>}
    </>
  )
}

const minuteMs = 60_000

/** The steps that still lie ahead, each with the instant until which it holds. */
export function stepsAhead(
  { startsAt, cancellationPolicy }: Pick<BookingDetail, 'startsAt' | 'cancellationPolicy'>,
  nowMs: number,
): { percent: number; until: string }[] {
  const notice = minutesOf(cancellationPolicy.cancelNotice)
  return cancellationPolicy.steps
    .map(({ atLeastBefore, refundPercent }) => {
      const minutes = Math.max(minutesOf(atLeastBefore), notice)
      return { percent: refundPercent, untilMs: Date.parse(startsAt) - minutes * minuteMs }
    })
    .filter(
      ({ percent, untilMs }, place, all) =>
        percent > 0 &&
        untilMs > nowMs &&
        !all.slice(0, place).some((earlier) => earlier.untilMs === untilMs),
    )
    .map(({ percent, untilMs }) => ({ percent, until: new Date(untilMs).toISOString() }))
}

/** What cancelling gives back, and until when: told before anybody pays. */
export function RefundPolicy({ booking }: { booking: BookingDetail }) {
  const { t, tag } = useText()
  const steps = stepsAhead(booking, serverNow())
  const place = { tag, timeZone: visitorZone() }
  return (
    <section className="mt-5 border-t border-line pt-4">
      <h2 className="text-sm font-semibold">{t('policy.title')}</h2>
      <ul className="mt-2 flex flex-col gap-1.5 text-sm text-ink-soft">
        {steps.map(({ percent, until }) => (
          <li key={until} className="flex gap-2">
            <Icon name="check" className="mt-0.5 size-4 text-ink-faint" />
            {t(percent === 100 ? 'policy.full' : 'policy.part', {
              percent: formatPercent(percent, tag),
              time: formatInstant(until, 'moment', place),
            })}
          </li>
        ))}
        {steps.length === 0 && <li>{t('policy.none')}</li>}
      </ul>
    </section>
  )
}
