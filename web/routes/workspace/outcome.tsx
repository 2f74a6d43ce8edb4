import type { CombinedError } from 'urql'
import { type MessageId, useText } from '../../i18n/text.ts'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Notice } from '../../ui/notice.tsx'

export type Outcome =
  | { kind: 'saved' }
  | { kind: 'invalid'; field: string | null }
  | { kind: 'conflict' }
  | { kind: 'failed'; error: CombinedError | undefined }

type Answer = { __typename: string; path?: readonly string[] | null }

/** What an answer means for the form: saved, or what to correct. */
export function outcomeOf(answer: Answer | undefined, error: CombinedError | undefined): Outcome {
  if (error || !answer) return { kind: 'failed', error }
  if (answer.__typename === 'ConflictError') return { kind: 'conflict' }
  if (!answer.__typename.endsWith('Error')) return { kind: 'saved' }
  return { kind: 'invalid', field: answer.path?.at(-1) ?? null }
}

/** The sentence under a field that was refused; undefined for all others. */
export function useFieldError(outcome: Outcome | null): (field: string) => string | undefined {
  const { t } = useText()
  return (field) =>
    outcome?.kind === 'invalid' && outcome.field === field ? t('form.invalidField') : undefined
}

export function OutcomeNotice(props: { outcome: Outcome | null; conflict: MessageId }) {
  const { t } = useText()
  const { outcome, conflict } = props
  if (!outcome) return null
  if (outcome.kind === 'saved') return <Notice tone="positive">{t('form.saved')}</Notice>
  if (outcome.kind === 'invalid') return <Notice tone="danger">{t('form.invalid')}</Notice>
  if (outcome.kind === 'conflict') return <Notice tone="caution">{t(conflict)}</Notice>
  return <FailureNotice error={outcome.error} otherwise="form.failed" />
}
