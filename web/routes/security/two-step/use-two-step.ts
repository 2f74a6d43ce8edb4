import { useState } from 'react'
import { useMutation } from 'urql'
import { useGuarded } from '../../../step-up/step-up.tsx'
import type { ActionOutcome } from '../../../ui/action-notice.tsx'
import type { Enrolment } from './enrol.tsx'
import { EnrolTotp } from './query.ts'

export type Open =
  | { kind: 'nothing' | 'disabling' }
  | { kind: 'password'; isWrong: boolean }
  | { kind: 'enrolling'; enrolment: Enrolment }
  | { kind: 'codes'; codes: readonly string[] }

const nothing: Open = { kind: 'nothing' }

/** What is open in the section, and how one thing leads to the next. */
export function useTwoStep(hasFactor: boolean, onChanged: () => void) {
  const [{ fetching }, run] = useMutation(EnrolTotp)
  const [open, setOpen] = useState<Open>(nothing)
  const [outcome, setOutcome] = useState<ActionOutcome | null>(null)

  async function enrol(password: string | null): Promise<void> {
    setOutcome(null)
    const { data, error } = await run({ password })
    const answer = data?.enrolTotp
    if (!answer) return setOutcome({ kind: 'failed', error })
    if (answer.__typename === 'TotpEnrolment')
      return setOpen({ kind: 'enrolling', enrolment: answer })
    if (answer.__typename === 'ForbiddenError')
      return setOpen({ kind: 'password', isWrong: password !== null })
    setOutcome({ kind: 'refused', text: 'twoStep.already' })
  }

  const guardedEnrol = useGuarded('enrolTotp', () => void enrol(null))
  const startDisabling = useGuarded('disableTotp', () => {
    setOutcome(null)
    setOpen({ kind: 'disabling' })
  })

  return {
    ...{ open, outcome, busy: fetching },
    // The first factor needs a fresh sign-in only, each further one the factor that is there.
    start: () => (hasFactor ? guardedEnrol(null) : void enrol(null)),
    withPassword: (password: string) => void enrol(password),
    startDisabling: () => startDisabling(null),
    close: () => setOpen(nothing),
    confirmed: (codes: readonly string[]) => {
      setOpen(codes.length > 0 ? { kind: 'codes', codes } : nothing)
      setOutcome({ kind: 'done', text: 'twoStep.on.done' })
      onChanged()
    },
    disabled: () => {
      setOpen(nothing)
      setOutcome({ kind: 'done', text: 'twoStep.off.done' })
      onChanged()
    },
  }
}
