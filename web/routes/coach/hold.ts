import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { type CombinedError, useMutation } from 'urql'
import type { Money, Slot } from '../../graph/fragments.ts'
import type { ResultOf } from '../../graph/tada.ts'
import { useText } from '../../i18n/text.ts'
import { HoldSlot } from './query.ts'

export type HoldProblem =
  | { kind: 'taken'; alternatives: readonly Slot[] }
  | { kind: 'outside-policy' }
  | { kind: 'not-now' }
  | { kind: 'failed'; error: CombinedError }
  /** `before` is the price that was shown: it may have changed since. */
  | { kind: 'refused'; before: Money | null | undefined }

export type Hold = {
  busy: boolean
  problem: HoldProblem | null
  hold: (slotToken: string) => Promise<void>
  forget: () => void
}

/** Holds a slot and goes on to its booking. One key an intent: a retry after a lost answer is the same hold. */
export function useHold(price: Money | null | undefined, onLost: () => void): Hold {
  const { locale } = useText()
  const navigate = useNavigate()
  const [{ fetching }, run] = useMutation(HoldSlot)
  const [problem, setProblem] = useState<HoldProblem | null>(null)
  const keys = useRef(new Map<string, string>())
  const refused = { kind: 'refused', before: price } as const

  async function hold(slotToken: string): Promise<void> {
    const idempotencyKey = keys.current.get(slotToken) ?? crypto.randomUUID()
    keys.current.set(slotToken, idempotencyKey)
    setProblem(null)
    const { data, error } = await run({ input: { idempotencyKey, slotToken }, locale })
    const answer = data?.holdSlot
    if (error || !answer) return setProblem(error ? { kind: 'failed', error } : refused)
    keys.current.delete(slotToken)
    if (answer.__typename === 'SlotHeld') {
      await navigate({ to: '/bookings/$id', params: { id: answer.booking.id } })
      return
    }
    onLost()
    setProblem(problemOf(answer) ?? refused)
  }

  return { busy: fetching, problem, hold, forget: () => setProblem(null) }
}

type Refusal = Exclude<ResultOf<typeof HoldSlot>['holdSlot'], { __typename: 'SlotHeld' }>

const problemOf = (answer: Refusal): HoldProblem | null => {
  if (answer.__typename === 'SlotTakenError')
    return { kind: 'taken', alternatives: answer.alternatives }
  if (answer.__typename !== 'OutsidePolicyError') return null
  // Without a deadline nothing came too late: most often, this person holds all they may at once.
  return { kind: answer.deadline ? 'outside-policy' : 'not-now' }
}
