import { useState } from 'react'
import { type CombinedError, useMutation } from 'urql'
import { lookUntil } from '../graph/looks.ts'
import { useSession } from '../session/session.tsx'
import { isSteppedUp } from './level.ts'
import {
  FinishPasskeyVerification,
  StartPasskeyVerification,
  UseRecoveryCode,
  VerifyTotp,
} from './query.ts'

/** Why it is not yet sure who asks. */
export type Refusal =
  | { kind: 'code'; attemptsLeft: number; lockedUntil: string | null }
  | { kind: 'passkey' }
  | { kind: 'failed'; error: CombinedError | undefined }

const looks = 10

type CodeAnswer =
  | { __typename: 'InvalidCodeError'; attemptsLeft: number; lockedUntil: string | null }
  | { __typename: 'TotpVerified' | 'RecoveryCodeUsed' }

/** The ways to show that it is oneself; `onConfirmed` once the session knows of it. */
export function useConfirm(onConfirmed: () => void) {
  const { refresh } = useSession()
  const [, runTotp] = useMutation(VerifyTotp)
  const [, runRecovery] = useMutation(UseRecoveryCode)
  const [, startPasskey] = useMutation(StartPasskeyVerification)
  const [, finishPasskey] = useMutation(FinishPasskeyVerification)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const [busy, setBusy] = useState(false)

  /** The level is told from one place to the next: the next question may come before it. */
  async function confirmed(): Promise<null> {
    await lookUntil(async () => isSteppedUp(await refresh()), looks)
    onConfirmed()
    return null
  }

  const attempt = (act: () => Promise<Refusal | null>) => async (): Promise<void> => {
    setRefusal(null)
    setBusy(true)
    setRefusal(await act())
    setBusy(false)
  }

  const judged = async (
    answer: CodeAnswer | undefined,
    error: CombinedError | undefined,
  ): Promise<Refusal | null> => {
    if (!answer) return { kind: 'failed', error }
    if (answer.__typename !== 'InvalidCodeError') return confirmed()
    const { attemptsLeft, lockedUntil } = answer
    return { kind: 'code', attemptsLeft, lockedUntil }
  }

  const byCode = (code: string) =>
    attempt(async () => {
      const { data, error } = await runTotp({ input: { code } })
      return judged(data?.verifyTotp, error)
    })()

  const byRecoveryCode = (code: string) =>
    attempt(async () => {
      const { data, error } = await runRecovery({ code })
      return judged(data?.useRecoveryCode, error)
    })()

  const byPasskey = attempt(async () => {
    const { data, error } = await startPasskey({})
    const started = data?.startPasskeyVerification
    if (!started) return { kind: 'failed', error }
    if (started.__typename !== 'PasskeyChallenge') return { kind: 'passkey' }
    const { startAuthentication } = await import('@simplewebauthn/browser')
    const proof = await startAuthentication({ optionsJSON: JSON.parse(started.options) }).catch(
      () => null,
    )
    if (!proof) return { kind: 'passkey' }
    const finished = await finishPasskey({ response: JSON.stringify(proof) })
    const answer = finished.data?.finishPasskeyVerification
    if (!answer) return { kind: 'failed', error: finished.error }
    return answer.__typename === 'PasskeyVerified' ? confirmed() : { kind: 'passkey' }
  })

  return { byCode, byRecoveryCode, byPasskey, refusal, busy }
}
