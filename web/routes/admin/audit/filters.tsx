import type { FormEvent } from 'react'
import { useText } from '../../../i18n/text.ts'
import { Button } from '../../../ui/button.tsx'
import { TextField } from '../../../ui/field.tsx'

export type Wanted = { action: string; from: string; to: string }

const textIn = (form: FormData, name: string): string => String(form.get(name) ?? '').trim()

type FiltersProps = { wanted: Wanted; onWanted: (wanted: Wanted) => void }

/** By what was done, and when; a room alone finds all that it told of. */
export function Filters({ wanted, onWanted }: FiltersProps) {
  const { t } = useText()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    onWanted({ action: textIn(form, 'action'), from: textIn(form, 'from'), to: textIn(form, 'to') })
  }
  return (
    <search>
      <form
        onSubmit={submit}
        className="mt-8 grid items-end gap-4 sm:grid-cols-[minmax(0,1fr)_10rem_10rem_auto]"
      >
        <TextField
          label={t('admin.audit.action')}
          placeholder="auth.signed-in"
          name="action"
          maxLength={80}
          autoCapitalize="off"
          spellCheck={false}
          defaultValue={wanted.action}
        />
        <TextField
          label={t('admin.audit.from')}
          name="from"
          type="date"
          defaultValue={wanted.from}
        />
        <TextField label={t('admin.audit.to')} name="to" type="date" defaultValue={wanted.to} />
        <Button type="submit" variant="secondary">
          {t('admin.audit.find')}
        </Button>
      </form>
    </search>
  )
}
