import { type ReactNode, useEffect, useRef } from 'react'
import { useQuery } from 'urql'
import { useText } from '../../../i18n/text.ts'
import { ActionNotice } from '../../../ui/action-notice.tsx'
import { Ago } from '../../../ui/ago.tsx'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { ChoiceChips } from '../../../ui/choice-chips.tsx'
import { SelectField } from '../../../ui/field.tsx'
import { Eye } from '../../../ui/guard-glyphs.tsx'
import { Icon } from '../../../ui/icons.tsx'
import { ErrorState } from '../../../ui/states.tsx'
import { ListSkeleton } from '../list-parts.tsx'
import { personRoles, statusTones } from '../person-looks.ts'
import { Part } from './part.tsx'
import { PersonSessions } from './person-sessions.tsx'
import { type Details, PersonDetails } from './query.ts'
import { usePerson } from './use-person.ts'

type Actions = ReturnType<typeof usePerson>
type PartProps = { person: Details; actions: Actions }

const minutes = [5, 10, 15] as const

function Roles({ person, actions }: PartProps) {
  const { t } = useText()
  return (
    <Part
      title="admin.people.roles"
      actions={
        <Button type="submit" variant="secondary" busy={actions.busy}>
          {t('admin.person.roles.set')}
        </Button>
      }
      onSubmit={(form, reason) => {
        const chosen = form.getAll('roles')
        const roles = personRoles.filter((role) => chosen.includes(role))
        actions.setRoles({ userId: person.id, roles, reason })
      }}
    >
      <ChoiceChips
        // The chips show what is, again after each change.
        key={person.roles.join(' ')}
        legend={t('admin.person.roles')}
        name="roles"
        options={personRoles.map((value) => ({ value, label: t(`role.${value}`) }))}
        chosen={person.roles}
      />
    </Part>
  )
}

function Look({ person, actions }: PartProps) {
  const { t } = useText()
  return (
    <Part
      title="admin.person.look"
      actions={
        <Button type="submit" variant="secondary" busy={actions.busy}>
          <Eye />
          {t('admin.person.look.start')}
        </Button>
      }
      onSubmit={(form, reason) =>
        actions.look({
          userId: person.id,
          reason,
          minutes: Number(form.get('minutes')),
          readOnly: form.get('readOnly') !== null,
        })
      }
    >
      <p className="text-sm text-ink-soft">{t('admin.person.look.body')}</p>
      <div className="grid items-end gap-4 sm:grid-cols-2">
        <SelectField label={t('admin.person.look.minutes')} name="minutes" defaultValue="15">
          {minutes.map((count) => (
            <option key={count} value={count}>
              {t('admin.person.minutes', { count })}
            </option>
          ))}
        </SelectField>
        <label className="flex min-h-11 items-center gap-2.5 text-sm">
          <input
            type="checkbox"
            name="readOnly"
            defaultChecked
            className="size-4.5 accent-accent"
          />
          {t('admin.person.look.readOnly')}
        </label>
      </div>
    </Part>
  )
}

function Access({ person, actions }: PartProps) {
  const { t } = useText()
  const isOff = person.disabledAt !== null
  const buttons: ReactNode = (
    <>
      <Button type="submit" value="sessions" variant="secondary" busy={actions.busy}>
        {t('admin.person.end')}
      </Button>
      <Button
        type="submit"
        value={isOff ? 'enable' : 'disable'}
        variant={isOff ? 'secondary' : 'danger'}
        busy={actions.busy}
      >
        {t(isOff ? 'admin.person.enable' : 'admin.person.disable')}
      </Button>
    </>
  )
  return (
    <Part
      title="admin.person.access"
      actions={buttons}
      onSubmit={(_, reason, submitter) => {
        const input = { userId: person.id, reason }
        if (submitter === 'sessions') actions.endSessions(input)
        else if (submitter === 'enable') actions.enable(input)
        else actions.disable(input)
      }}
    >
      <PersonSessions sessions={person.sessions} />
    </Part>
  )
}

function Head({ person, onClose }: { person: Details; onClose: () => void }) {
  const { t } = useText()
  const { displayName, email, status, disabledAt, lastLoginAt } = person
  return (
    <div className="flex items-start gap-4">
      <div className="min-w-0 flex-1">
        <h2 className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xl font-semibold">
          {displayName}
          {disabledAt ? (
            <Badge tone="danger">{t('admin.person.off')}</Badge>
          ) : (
            <Badge tone={statusTones[status]}>{t(`userStatus.${status}`)}</Badge>
          )}
        </h2>
        <p className="text-sm break-all text-ink-soft">{email}</p>
        <p className="text-sm text-ink-faint">
          {lastLoginAt ? (
            <>
              {t('admin.person.lastLogin')} <Ago instant={lastLoginAt} />
            </>
          ) : (
            t('admin.person.neverLogin')
          )}
        </p>
      </div>
      <Button variant="quiet" size="sm" aria-label={t('form.close')} onClick={onClose}>
        <Icon name="close" className="size-4" />
      </Button>
    </div>
  )
}

type PersonPanelProps = { id: string; onClose: () => void; onChanged: () => void }

/** One person: what they may do, where they are signed in, and what support can do for them. */
export function PersonPanel({ id, onClose, onChanged }: PersonPanelProps) {
  const [{ data, error }, ask] = useQuery({
    query: PersonDetails,
    variables: { id },
    requestPolicy: 'cache-and-network',
  })
  const reload = () => ask({ requestPolicy: 'network-only' })
  const actions = usePerson(() => {
    reload()
    onChanged()
  })
  const place = useRef<HTMLElement>(null)
  const person = data?.user
  const isThere = Boolean(person)
  useEffect(() => {
    if (isThere) place.current?.focus()
  }, [isThere])
  if (!person) return error ? <ErrorState error={error} retry={reload} /> : <ListSkeleton />
  return (
    <section
      ref={place}
      tabIndex={-1}
      data-focus-target
      aria-label={person.displayName}
      className="mt-6 flex scroll-mt-20 animate-rise flex-col gap-5 rounded-xl border border-line bg-surface p-5 shadow-2 sm:p-6"
    >
      <Head person={person} onClose={onClose} />
      {actions.outcome && <ActionNotice outcome={actions.outcome} otherwise="admin.failed" />}
      <Roles person={person} actions={actions} />
      <Access person={person} actions={actions} />
      <Look person={person} actions={actions} />
    </section>
  )
}
