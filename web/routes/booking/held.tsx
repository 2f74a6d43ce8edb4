import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { type CombinedError, useMutation } from 'urql'
import type { BookingCard } from '../../graph/fragments.ts'
import { useText } from '../../i18n/text.ts'
import { Button } from '../../ui/button.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Countdown } from './countdown.tsx'
import { ExpiredHold } from './expired.tsx'
import { BookingFace } from './face.tsx'
import { ConfirmBooking, ReleaseHold } from './query.ts'

type Problem = {
  otherwise: 'held.failed' | 'held.releaseFailed'
  error: CombinedError | undefined
}
type Report = (problem: Problem | null) => void

/** Confirms with one key for this booking: pressing again after a lost answer confirms once. */
function useConfirm(bookingId: string, report: Report) {
  const { locale } = useText()
  const key = useRef<string>(null)
  const [{ fetching }, run] = useMutation(ConfirmBooking)
  const [expired, setExpired] = useState(false)
  async function confirm(): Promise<void> {
    key.current ??= crypto.randomUUID()
    report(null)
    const { data, error } = await run({ input: { idempotencyKey: key.current, bookingId }, locale })
    const outcome = data?.confirmBooking.__typename
    if (outcome === 'BookingConfirmed') return
    if (outcome === 'HoldExpiredError') return setExpired(true)
    if (outcome) key.current = null
    report({ otherwise: 'held.failed', error })
  }
  return { confirm, busy: fetching, expired }
}

/** Leaves only when the time is free again: a hold that goes on is not left unseen. */
function useRelease(booking: BookingCard, report: Report) {
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

export function HeldBooking(props: { booking: BookingCard; remainingMs: number }) {
  const { booking, remainingMs } = props
  const { t } = useText()
  const [problem, setProblem] = useState<Problem | null>(null)
  const { confirm, busy, expired } = useConfirm(booking.id, setProblem)
  const { release, releasing } = useRelease(booking, setProblem)
  const [totalMs] = useState(() => Math.max(remainingMs, defaultHoldMs))
  if (expired) return <ExpiredHold booking={booking} />
  const actions = (
    <>
      <Button size="lg" busy={busy} onClick={() => void confirm()}>
        {t('held.confirm')}
      </Button>
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
      title={t('held.title')}
      lead={t('held.lead')}
      actions={actions}
    >
      <Countdown remainingMs={remainingMs} totalMs={totalMs} />
      {problem && (
        <div className="mt-5">
          <FailureNotice {...problem} />
        </div>
      )}
    </BookingFace>
  )
}
