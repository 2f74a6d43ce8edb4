import type { CombinedError } from 'urql'
import { formatInstant, visitorZone } from '../../../i18n/format.ts'
import { useText } from '../../../i18n/text.ts'
import { FailureNotice } from '../../../ui/failure-notice.tsx'
import { Notice } from '../../../ui/notice.tsx'

export type CodeRefusal =
  | { kind: 'wrong'; attemptsLeft: number; lockedUntil: string | null }
  | { kind: 'failed'; error: CombinedError | undefined }

/** Why a code did not do, and how often it may be tried again. */
export function CodeRefusalNotice({ refusal }: { refusal: CodeRefusal }) {
  const { t, tag } = useText()
  if (refusal.kind === 'failed')
    return <FailureNotice error={refusal.error} otherwise="twoStep.failed" />
  const { attemptsLeft, lockedUntil } = refusal
  const time = lockedUntil && formatInstant(lockedUntil, 'time', { tag, timeZone: visitorZone() })
  return (
    <Notice tone="danger">
      {time ? t('twoStep.locked', { time }) : t('twoStep.wrong', { count: attemptsLeft })}
    </Notice>
  )
}
