import { useRef, useState } from 'react'
import { type CombinedError, useMutation } from 'urql'
import type { BookingCard } from '../../graph/fragments.ts'
import { useText } from '../../i18n/text.ts'
import { CancelBooking } from './query.ts'

export type CancelProblem =
  | { kind: 'too-late' | 'stale'; deadline: string | null }
  | { kind: 'failed'; error: CombinedError | undefined }

export type CancelEvents = {
  /** The list shows something that is no longer so. */
  onStale: () => void
  onCancelled: () => void
}

const kinds: Record<string, 'too-late' | 'stale'> = {
  OutsidePolicyError: 'too-late',
  StaleBookingError: 'stale',
  ConflictError: 'stale',
}

/** Shows the booking as cancelled at once and takes it back, with the reason, when the graph says no. */
export function useCancel(booking: BookingCard, { onStale, onCancelled }: CancelEvents) {
  const { locale } = useText()
  const [, run] = useMutation(CancelBooking)
  const [problem, setProblem] = useState<CancelProblem | null>(null)
  const key = useRef<string>(null)

  async function cancel(): Promise<void> {
    key.current ??= crypto.randomUUID()
    setProblem(null)
    const { id: bookingId, version: expectedVersion } = booking
    const input = { idempotencyKey: key.current, bookingId, expectedVersion }
    const { data, error } = await run({ input, locale })
    const answer = data?.cancelBooking
    if (answer?.__typename === 'BookingCancelled') return onCancelled()
    if (!answer) return setProblem({ kind: 'failed', error })
    // The graph has answered this intent: pressing again is a new one.
    key.current = null
    const kind = kinds[answer.__typename]
    if (answer.__typename === 'ConflictError') onStale()
    const deadline = answer.__typename === 'OutsidePolicyError' ? answer.deadline : null
    setProblem(kind ? { kind, deadline } : { kind: 'failed', error })
  }

  return { cancel, problem }
}
