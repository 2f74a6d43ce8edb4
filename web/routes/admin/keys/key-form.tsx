import { type FormEvent, useEffect, useRef, useState } from 'react'
import { localDateOf, visitorZone } from '../../../i18n/format.ts'
import { useText } from '../../../i18n/text.ts'
import { ChoiceChips } from '../../../ui/choice-chips.tsx'
import { TextField } from '../../../ui/field.tsx'
import { FormActions } from '../form-actions.tsx'
import type { NewKey } from './use-keys.ts'

/** What a partner's program may be given; the graph refuses everything else. */
const scopes = ['bookings:read', 'bookings:write', 'operations:publish'] as const
const defaultRate = 600
const dayMs = 86_400_000
const defaultDays = 90
// The end of the last day is within a year as well.
const longestDays = 364

const dayAhead = (days: number): string => localDateOf(Date.now() + days * dayMs, visitorZone())

const inputFrom = (form: FormData, idempotencyKey: string): NewKey => ({
  idempotencyKey,
  name: String(form.get('name') ?? '').trim(),
  scopes: form.getAll('scopes').map(String),
  expiresAt: new Date(`${form.get('until')}T23:59:59`).toISOString(),
  rateLimitPerMinute: Number(form.get('rateLimitPerMinute')),
})

type KeyFormProps = { busy: boolean; onCreate: (input: NewKey) => void; onClose: () => void }

export function KeyForm({ busy, onCreate, onClose }: KeyFormProps) {
  const { t } = useText()
  const place = useRef<HTMLFormElement>(null)
  // One form is one intent: a repeated press makes one key.
  const [idempotencyKey] = useState(() => crypto.randomUUID())
  useEffect(() => place.current?.querySelector('input')?.focus(), [])
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (!busy) onCreate(inputFrom(new FormData(event.currentTarget), idempotencyKey))
  }
  return (
    <form
      ref={place}
      onSubmit={submit}
      className="mt-8 flex animate-rise flex-col gap-5 rounded-xl border border-line bg-surface p-5 shadow-1 sm:p-6"
    >
      <h2 className="text-xl font-semibold">{t('admin.key.title')}</h2>
      <div className="grid grid-cols-1 gap-5 sm:grid-cols-3">
        <TextField
          label={t('admin.client.name')}
          hint={t('admin.key.name.hint')}
          name="name"
          required
          maxLength={80}
        />
        <TextField
          label={t('admin.key.until')}
          name="until"
          type="date"
          required
          min={dayAhead(0)}
          max={dayAhead(longestDays)}
          defaultValue={dayAhead(defaultDays)}
        />
        <TextField
          label={t('admin.client.rate.label')}
          name="rateLimitPerMinute"
          type="number"
          inputMode="numeric"
          required
          min={1}
          max={6_000}
          defaultValue={defaultRate}
        />
      </div>
      <ChoiceChips
        legend={t('admin.client.scopes')}
        name="scopes"
        options={scopes.map((value) => ({ value, label: t(`scope.${value}`) }))}
        chosen={['bookings:read']}
      />
      <FormActions submit="admin.key.create" busy={busy} onClose={onClose} />
    </form>
  )
}
