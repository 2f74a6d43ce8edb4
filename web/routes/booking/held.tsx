import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { type CombinedError, useMutation } from 'urql'
import { formatMoney } from '../../i18n/format.ts'
import { type MessageId, useText } from '../../i18n/text.ts'
import { Button } from '../../ui/button.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useCheckout } from './checkout.ts'
import { Countdown } from './countdown.tsx'
import { ExpiredHold } from './expired.tsx'
import { BookingFace } from './face.tsx'
import { type BookingDetail, ConfirmBooking, ReleaseHold } from './query.ts'

type Problem = {
  otherwise: MessageId
  error: CombinedError | undefined
}
type Report = (problem: Problem | null) => void

/** Confirms with one key for this booking: pressing again after a lost answer confirms once. */
function useConfirm(bookingId: string, report: Report) {
  const { locale } = useText()
  const key = useRef<string>(null)
  const [{ fetching }, run] = useMutation(ConfirmBooking)
  async function confirm(): Promise<void> {
    key.current ??= crypto.randomUUID()
    report(null)
    const { data, error } = await run({ input: { idempotencyKey: key.current, bookingId }, locale })
    const outcome = data?.confirmBooking.__typename
    if (outcome === 'BookingConfirmed') return
    if (outcome) key.current = null
    const hasEnded = outcome === 'HoldExpiredError'
    report({ otherwise: hasEnded ? 'expired.title' : 'held.failed', error })
  }
  return { confirm, busy: fetching }
}

/** Leaves only when the time is free again: a hold that goes on is not left unseen. */
function useRelease(booking: BookingDetail, report: Report) {
  const { locale } = useText()
  const navigate = useNavigate()
  const [{ fetching }, run] = useMutation(ReleaseHold)
  async function release(): Promise<void> {
    report(null)
    const { data, error } = await run({ bookingId: booking.id, locale })
    if (data?.releaseHold.__typename !== 'HoldReleased')
      return report({ otherwise: 'held.releaseFailed', error })
    const { coach, service } = booking
    await navigate({
      to: '/coaches/$slug',
      params: { slug: coach.slug },
      search: { service: service.id },
    })
  }
  return { release, releasing: fetching }
}

const defaultHoldMs = 600_000

/** The one step further: pay what has a price, confirm what is free. */
function Continue({ booking, report }: { booking: BookingDetail; report: Report }) {
  const { t, tag } = useText()
  const { pay, paying } = useCheckout(booking.id, (error) =>
    report({ otherwise: 'held.payFailed', error }),
  )
  if (!booking.price) return <Confirm booking={booking} report={report} />
  const start = () => {
    report(null)
    void pay()
  }
  return (
    <Button size="lg" busy={paying} onClick={start}>
      {t('held.pay', { amount: formatMoney(booking.price, tag) })}
    </Button>
  )
}

function Confirm({ booking, report }: { booking: BookingDetail; report: Report }) {
  const { t } = useText()
  const { confirm, busy } = useConfirm(booking.id, report)
  return (
    <Button size="lg" busy={busy} onClick={() => void confirm()}>
      {t('held.confirm')}
    </Button>
  )
}

const Declined = () => {
  const { t } = useText()
  return (
    <div className="mt-5">
      <Notice tone="caution">{t('held.declined')}</Notice>
    </div>
  )
}

export function HeldBooking(props: { booking: BookingDetail; remainingMs: number }) {
  const { booking, remainingMs } = props
  const { t } = useText()
  const [problem, setProblem] = useState<Problem | null>(null)
  const { release, releasing } = useRelease(booking, setProblem)
  const [totalMs] = useState(() => Math.max(remainingMs, defaultHoldMs))
  if (problem?.otherwise === 'expired.title') return <ExpiredHold booking={booking} />
  const isPriced = booking.price !== null
  const actions = (
    <>
      <Continue booking={booking} report={setProblem} />
      <Button variant="secondary" size="lg" busy={releasing} onClick={() => void release()}>
        {t('held.release')}
      </Button>
    </>
  )
  return (
    <BookingFace
      booking={booking}
      icon="clock"
      tone="accent"
      title={t(isPriced ? 'held.payTitle' : 'held.title')}
      lead={t(isPriced ? 'held.payLead' : 'held.lead')}
      problem={problem && <FailureNotice {...problem} />}
      actions={actions}
    >
      <Countdown remainingMs={remainingMs} totalMs={totalMs} />
      {!problem && booking.payment?.status === 'FAILED' && <Declined />}
    </BookingFace>
  )
}
