import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useClient, useMutation } from 'urql'
import { lookUntil } from '../../graph/looks.ts'
import { useText } from '../../i18n/text.ts'
import { ActionNotice, type ActionOutcome } from '../../ui/action-notice.tsx'
import { ChoiceChips } from '../../ui/choice-chips.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { FormActions } from './form-actions.tsx'
import { personRoles } from './person-looks.ts'
import { PersonArrived, ProvisionAccount } from './query.ts'

const textIn = (form: FormData, name: string): string => String(form.get(name) ?? '').trim()

const inputFrom = (form: FormData) => ({
  displayName: textIn(form, 'displayName'),
  email: textIn(form, 'email'),
  password: String(form.get('password') ?? ''),
  locale: textIn(form, 'locale'),
  roles: personRoles.filter((role) => form.getAll('roles').includes(role)),
})

/** Five seconds, and what the looks take. */
const looks = 25

/** Whether the list has heard of somebody new: read before, it would stay without them. A look that fails is the last. */
function useArrival() {
  const client = useClient()
  const hasArrived = async (id: string) => {
    const asked = client.query(PersonArrived, { id }, { requestPolicy: 'network-only' })
    const { data, error } = await asked
    if (error) throw error
    return Boolean(data?.user)
  }
  return (id: string) => lookUntil(() => hasArrived(id), looks).catch(() => false)
}

/** Creates accounts one after the other; a key belongs to one intent and is kept until the graph has answered. */
function useProvision(onAdded: () => void) {
  const [, run] = useMutation(ProvisionAccount)
  const arrival = useArrival()
  const [busy, setBusy] = useState(false)
  const [outcome, setOutcome] = useState<ActionOutcome | null>(null)
  const [field, setField] = useState<string | null>(null)
  const key = useRef<string>(null)
  async function add(form: HTMLFormElement): Promise<void> {
    setBusy(true)
    try {
      await provision(form)
    } finally {
      setBusy(false)
    }
  }
  async function provision(form: HTMLFormElement): Promise<void> {
    key.current ??= crypto.randomUUID()
    setOutcome(null)
    const input = { ...inputFrom(new FormData(form)), idempotencyKey: key.current }
    const { data, error } = await run({ input })
    const answer = data?.provisionAccount
    if (!answer) return setOutcome({ kind: 'failed', error })
    key.current = null
    if (answer.__typename === 'AccountProvisioned') {
      // Whoever types on while the list hears of this one is typing the next.
      form.reset()
      setField(null)
      const text = (await arrival(answer.userId)) ? 'admin.person.added' : 'admin.person.addedSoon'
      setOutcome({ kind: 'done', text, values: { name: input.displayName } })
      return onAdded()
    }
    const isTaken = answer.__typename === 'ConflictError'
    setField(isTaken ? null : (answer.path?.at(-1) ?? null))
    setOutcome({ kind: 'refused', text: isTaken ? 'admin.person.taken' : 'form.invalid' })
  }
  return { add, busy, outcome, field }
}

type PersonFormProps = { onClose: () => void; onAdded: () => void }

export function PersonForm({ onClose, onAdded }: PersonFormProps) {
  const { t, locale } = useText()
  const { add, busy, outcome, field } = useProvision(onAdded)
  const place = useRef<HTMLFormElement>(null)
  useEffect(() => place.current?.querySelector('input')?.focus(), [])
  const error = (name: string) => (field === name ? t('form.invalidField') : undefined)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (!busy) void add(event.currentTarget)
  }
  return (
    <form
      ref={place}
      onSubmit={submit}
      autoComplete="off"
      className="mt-6 flex flex-col gap-5 rounded-xl border border-line bg-surface p-5 shadow-1 sm:p-6"
    >
      <h2 className="text-xl font-semibold">{t('admin.person.title')}</h2>
      <div className="grid grid-cols-1 gap-5 sm:grid-cols-2">
        <TextField
          label={t('admin.person.name')}
          name="displayName"
          error={error('displayName')}
          required
          maxLength={120}
        />
        <TextField
          label={t('admin.person.email')}
          name="email"
          type="email"
          error={error('email')}
          required
          maxLength={254}
        />
        <TextField
          label={t('admin.person.password')}
          hint={t('admin.person.password.hint')}
          error={error('password') && t('admin.person.password.refused')}
          name="password"
          type="password"
          autoComplete="new-password"
          required
          minLength={12}
          maxLength={128}
        />
        <SelectField label={t('admin.person.language')} name="locale" defaultValue={locale}>
          <option value="fr">Français</option>
          <option value="en">English</option>
        </SelectField>
      </div>
      <ChoiceChips
        legend={t('admin.people.roles')}
        name="roles"
        options={personRoles.map((value) => ({ value, label: t(`role.${value}`) }))}
        chosen={['CLIENT']}
      />
      {outcome && <ActionNotice outcome={outcome} otherwise="admin.person.failed" />}
      <FormActions submit="admin.person.create" busy={busy} onClose={onClose} />
    </form>
  )
}
