import { type FormEvent, useEffect, useRef } from 'react'
import { delegableScopes } from '#schema/scopes'
import { localDateOf, visitorZone } from '../../../i18n/format.ts'
import { useText } from '../../../i18n/text.ts'
import { Button } from '../../../ui/button.tsx'
import { ChoiceChips } from '../../../ui/choice-chips.tsx'
import { TextField } from '../../../ui/field.tsx'
import type { Grant } from './use-delegations.ts'

const dayMs = 86_400_000
const defaultDays = 30
// The end of the last day is within a year as well.
const longestDays = 364

const dayAhead = (days: number): string => localDateOf(Date.now() + days * dayMs, visitorZone())

/** Until the end of that day, where the reader is. */
const endOf = (day: string): string => new Date(`${day}T23:59:59`).toISOString()

function grantFrom(form: FormData): Grant {
  const reason = String(form.get('reason') ?? '').trim()
  return {
    email: String(form.get('email') ?? '').trim(),
    scopes: form.getAll('scopes').map(String),
    expiresAt: endOf(String(form.get('until'))),
    reason: reason || null,
  }
}

type GrantFormProps = {
  /** What the reader may do themselves: nobody gives more than they have. */
  own: readonly string[]
  busy: boolean
  onGrant: (grant: Grant) => void
  onClose: () => void
}

export function GrantForm({ own, busy, onGrant, onClose }: GrantFormProps) {
  const { t } = useText()
  const place = useRef<HTMLFormElement>(null)
  useEffect(() => place.current?.querySelector('input')?.focus(), [])
  const options = delegableScopes.filter((scope) => own.includes(scope))
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const grant = grantFrom(new FormData(event.currentTarget))
    if (!busy && grant.scopes.length > 0) onGrant(grant)
  }
  return (
    <form ref={place} onSubmit={submit} className="flex animate-rise flex-col gap-5">
      <div className="grid grid-cols-1 gap-5 sm:grid-cols-2">
        <TextField
          label={t('delegations.to')}
          hint={t('delegations.to.hint')}
          name="email"
          type="email"
          autoComplete="off"
          required
          maxLength={254}
        />
        <TextField
          label={t('delegations.until')}
          hint={t('delegations.until.hint')}
          name="until"
          type="date"
          required
          min={dayAhead(0)}
          max={dayAhead(longestDays)}
          defaultValue={dayAhead(defaultDays)}
        />
      </div>
      <ChoiceChips
        legend={t('delegations.scopes')}
        name="scopes"
        options={options.map((value) => ({ value, label: t(`may.${value}`) }))}
        chosen={options.slice(0, 1)}
      />
      <TextField label={t('delegations.reason')} name="reason" maxLength={200} />
      <div className="flex flex-wrap gap-3 max-sm:*:w-full">
        <Button type="submit" busy={busy}>
          {t('delegations.grant')}
        </Button>
        <Button variant="quiet" onClick={onClose}>
          {t('form.close')}
        </Button>
      </div>
    </form>
  )
}
