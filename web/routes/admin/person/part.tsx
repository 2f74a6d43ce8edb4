import type { FormEvent, ReactNode } from 'react'
import { type MessageId, useText } from '../../../i18n/text.ts'
import { TextField } from '../../../ui/field.tsx'

/** As long as the graph wants a reason to be, so that it says something. */
const reasonLength = { minLength: 10, maxLength: 500 }

type PartProps = {
  title: MessageId
  children?: ReactNode
  /** The buttons: what they submit has a reason. */
  actions: ReactNode
  onSubmit: (form: FormData, reason: string, submitter: string) => void
}

/** One thing that can be done about a person; why is said with it, and kept in the audit. */
export function Part({ title, children, actions, onSubmit }: PartProps) {
  const { t } = useText()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    // React's type of a native submit event leaves out what the platform has.
    const { submitter } = event.nativeEvent as SubmitEvent
    const form = new FormData(event.currentTarget)
    onSubmit(form, String(form.get('reason') ?? '').trim(), submitter?.getAttribute('value') ?? '')
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4 border-t border-line pt-5">
      <h3 className="font-semibold">{t(title)}</h3>
      {children}
      <TextField
        label={t('admin.person.reason')}
        hint={t('admin.person.reason.hint')}
        name="reason"
        required
        autoComplete="off"
        {...reasonLength}
      />
      <div className="flex flex-wrap gap-3 max-sm:*:w-full">{actions}</div>
    </form>
  )
}
