import { useEffect, useRef } from 'react'
import type { CombinedError } from 'urql'
import { type MessageId, useText, type Values } from '../i18n/text.ts'
import { FailureNotice } from './failure-notice.tsx'
import { Notice } from './notice.tsx'

/** What came of an action: done, refused for a reason that has a text, or failed. */
export type ActionOutcome =
  | { kind: 'done' | 'refused'; text: MessageId; values?: Values }
  | { kind: 'failed'; error: CombinedError | undefined }

type ActionNoticeProps = { outcome: ActionOutcome; otherwise: MessageId }

/** Takes the focus, for the button that was pressed may be gone. */
export function ActionNotice({ outcome, otherwise }: ActionNoticeProps) {
  const { t } = useText()
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => place.current?.focus(), [])
  return (
    <div ref={place} tabIndex={-1} data-focus-target>
      {outcome.kind === 'failed' ? (
        <FailureNotice error={outcome.error} otherwise={otherwise} />
      ) : (
        <Notice tone={outcome.kind === 'done' ? 'positive' : 'danger'}>
          {t(outcome.text, outcome.values)}
        </Notice>
      )}
    </div>
  )
}
