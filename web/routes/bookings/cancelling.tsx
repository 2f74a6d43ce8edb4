import { lazy, type ReactNode, Suspense, useState } from 'react'
import { serverNow } from '../../graph/clock.ts'
import type { BookingCard } from '../../graph/fragments.ts'
import { formatInstant, visitorZone } from '../../i18n/format.ts'
import { useText } from '../../i18n/text.ts'
import { Button, type ButtonLook } from '../../ui/button.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Notice } from '../../ui/notice.tsx'
import { type CancelEvents, type CancelProblem, useCancel } from './cancel.ts'

// Few people cancel: the dialog comes when it is asked for.
const CancelDialog = lazy(async () => ({
  default: (await import('./cancel-dialog.tsx')).CancelDialog,
}))

function Problem({ problem }: { problem: CancelProblem }) {
  const { t, tag } = useText()
  if (problem.kind === 'failed')
    return <FailureNotice error={problem.error} otherwise="cancel.failed" />
  const { kind, deadline } = problem
  const time = deadline && formatInstant(deadline, 'moment', { tag, timeZone: visitorZone() })
  return (
    <Notice tone={kind === 'stale' ? 'caution' : 'danger'}>
      {kind === 'too-late' && time ? t('cancel.tooLate', { time }) : t(`cancel.${kind}`)}
    </Notice>
  )
}

const mayCancel = ({ status, canCancelUntil }: BookingCard): boolean =>
  (status === 'CONFIRMED' || status === 'PENDING_CONFIRMATION') &&
  canCancelUntil !== null &&
  Date.parse(canCancelUntil) > serverNow()

export type Cancelling = {
  /** Null when it can no longer be cancelled. */
  ask: (() => void) | null
  /** Why it did not work, when it did not. */
  problem: ReactNode
  dialog: ReactNode
}

/** Asks first, then cancels. It belongs above whatever goes away when the booking is shown as cancelled. */
export function useCancelling(booking: BookingCard, events: CancelEvents): Cancelling {
  const [asking, setAsking] = useState(false)
  const { cancel, problem } = useCancel(booking, events)
  const confirm = () => {
    setAsking(false)
    void cancel()
  }
  return {
    ask: mayCancel(booking) ? () => setAsking(true) : null,
    problem: problem && <Problem problem={problem} />,
    dialog: asking && (
      <Suspense>
        <CancelDialog booking={booking} onClose={() => setAsking(false)} onConfirm={confirm} />
      </Suspense>
    ),
  }
}

type CancelButtonProps = ButtonLook & { booking: BookingCard; ask: Cancelling['ask'] }

export function CancelButton({ booking, ask, size = 'sm' }: CancelButtonProps) {
  const { t } = useText()
  if (!ask) return null
  return (
    <Button variant="secondary" size={size} onClick={ask}>
      {t('cancel.open')}
      <span className="sr-only">{booking.service.name}</span>
    </Button>
  )
}
