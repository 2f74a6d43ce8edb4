import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useMutation } from 'urql'
import { useText } from '../../i18n/text.ts'
import { ActionNotice, type ActionOutcome } from '../../ui/action-notice.tsx'
import { ChoiceChips } from '../../ui/choice-chips.tsx'
import { TextField } from '../../ui/field.tsx'
import { FormActions } from './form-actions.tsx'
import { RegisterClient } from './query.ts'
import type { Secret } from './secret-panel.tsx'

/** What a partner's program may be given; the graph refuses everything else. */
const scopes = ['bookings:read', 'bookings:write', 'operations:publish'] as const
const defaultRate = 600

const inputFrom = (form: FormData) => ({
  name: String(form.get('name') ?? '').trim(),
  scopes: form.getAll('scopes').map(String),
  rateLimitPerMinute: Number(form.get('rateLimitPerMinute')),
})

/** A repeated press sends the same key, so one client comes of it. */
function useRegister(onSecret: (secret: Secret) => void) {
  const [{ fetching }, run] = useMutation(RegisterClient)
  const [outcome, setOutcome] = useState<ActionOutcome | null>(null)
  const [field, setField] = useState<string | null>(null)
  const key = useRef<string>(null)
  async function register(form: HTMLFormElement): Promise<void> {
    key.current ??= crypto.randomUUID()
    setOutcome(null)
    const input = { ...inputFrom(new FormData(form)), idempotencyKey: key.current }
    const { data, error } = await run({ input })
    const answer = data?.registerApiClient
    if (!answer) return setOutcome({ kind: 'failed', error })
    key.current = null
    if (answer.__typename === 'ClientRegistered') {
      const { client, secretShownOnce } = answer
      return onSecret({ name: client.name, clientId: client.clientId, secret: secretShownOnce })
    }
    const isTaken = answer.__typename === 'ConflictError'
    setField(isTaken ? null : (answer.path?.at(-1) ?? null))
    setOutcome({ kind: 'refused', text: isTaken ? 'admin.client.taken' : 'form.invalid' })
  }
  return { register, busy: fetching, outcome, field }
}

type ClientFormProps = { onClose: () => void; onSecret: (secret: Secret) => void }

export function ClientForm({ onClose, onSecret }: ClientFormProps) {
  const { t } = useText()
  const { register, busy, outcome, field } = useRegister(onSecret)
  const place = useRef<HTMLFormElement>(null)
  useEffect(() => place.current?.querySelector('input')?.focus(), [])
  const error = (name: string) => (field === name ? t('form.invalidField') : undefined)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (!busy) void register(event.currentTarget)
  }
  return (
    <form
      ref={place}
      onSubmit={submit}
      className="mt-8 flex flex-col gap-5 rounded-xl border border-line bg-surface p-5 shadow-1 sm:p-6"
    >
      <h2 className="text-xl font-semibold">{t('admin.client.title')}</h2>
      <div className="grid grid-cols-1 gap-5 sm:grid-cols-2">
        <TextField
          label={t('admin.client.name')}
          hint={t('admin.client.name.hint')}
          error={error('name')}
          name="name"
          required
          maxLength={80}
        />
        <TextField
          label={t('admin.client.rate.label')}
          error={error('rateLimitPerMinute')}
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
      {outcome && <ActionNotice outcome={outcome} otherwise="admin.failed" />}
      <FormActions submit="admin.client.register" busy={busy} onClose={onClose} />
    </form>
  )
}
