import { useRef, useState } from 'react'
import { type CombinedError, useMutation } from 'urql'
import type { Slot } from '../../graph/fragments.ts'
import { type MessageId, useText } from '../../i18n/text.ts'
import { type BookingDetail, Reschedule } from './query.ts'

export type MoveProblem = { text: MessageId; error: CombinedError | undefined }

const texts: Record<string, MessageId> = {
  SlotTakenError: 'move.taken',
  OutsidePolicyError: 'move.tooLate',
  StaleBookingError: 'move.stale',
  ConflictError: 'move.stale',
}

export type MoveEvents = {
  /** The free times that are shown are no longer so. */
  onLost: () => void
  onMoved: () => void
}

/** Moves a booking to a free time, with one key for each time chosen. */
export function useReschedule(booking: BookingDetail, { onLost, onMoved }: MoveEvents) {
  const { locale } = useText()
  const [{ fetching }, run] = useMutation(Reschedule)
  const [problem, setProblem] = useState<MoveProblem | null>(null)
  const keys = useRef(new Map<string, string>())
  async function move({ token: slotToken }: Slot): Promise<void> {
    const idempotencyKey = keys.current.get(slotToken) ?? crypto.randomUUID()
    keys.current.set(slotToken, idempotencyKey)
    setProblem(null)
    const { id: bookingId, version: expectedVersion } = booking
    const input = { idempotencyKey, bookingId, expectedVersion, slotToken }
    const { data, error } = await run({ input, locale })
    const answer = data?.rescheduleBooking
    if (answer?.__typename === 'BookingMoved') return onMoved()
    if (answer) keys.current.delete(slotToken)
    setProblem({ text: texts[answer?.__typename ?? ''] ?? 'move.failed', error })
    onLost()
  }
  return { move, moving: fetching, problem }
}
