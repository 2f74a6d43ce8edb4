import { useRef } from 'react'
import type { Money } from '../../graph/fragments.ts'
import { useRemaining } from '../../ui/use-remaining.ts'
import { useCancelling } from '../bookings/cancelling.tsx'
import { CancelledBooking } from './cancelled.tsx'
import { ConfirmedBooking } from './confirmed.tsx'
import { ConfirmingBooking } from './confirming.tsx'
import { ExpiredHold } from './expired.tsx'
import { faceOf } from './face-of.ts'
import { HeldBooking } from './held.tsx'
import type { BookingDetail } from './query.ts'
import { UnseatedBooking } from './unseated.tsx'

/** What cancelling was last said to give back: the refund itself comes a moment after the cancellation. */
function useRefundDue({ status, refundPreview }: BookingDetail): Money | null {
  const due = useRef<Money>(null)
  if (status !== 'CANCELLED_BY_CLIENT') due.current = refundPreview?.amount ?? null
  return due.current
}

type FaceProps = { booking: BookingDetail; askAgain: () => void }

/** One page a booking; its status and its payment decide which face it shows. */
export function Face({ booking, askAgain }: FaceProps) {
  const remainingMs = useRemaining(booking.status === 'HELD' ? booking.holdExpiresAt : null)
  const cancelling = useCancelling(booking, { onStale: askAgain, onCancelled: () => {} })
  const refundDue = useRefundDue(booking)
  const name = faceOf(booking, remainingMs)
  if (name === 'held') return <HeldBooking booking={booking} remainingMs={remainingMs} />
  if (name === 'confirming') return <ConfirmingBooking booking={booking} askAgain={askAgain} />
  if (name === 'confirmed') return <ConfirmedBooking booking={booking} cancelling={cancelling} />
  if (name === 'cancelled') return <CancelledBooking booking={booking} refundDue={refundDue} />
  if (name === 'unseated') return <UnseatedBooking booking={booking} />
  return <ExpiredHold booking={booking} />
}
