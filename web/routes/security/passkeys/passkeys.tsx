import { type FormEvent, lazy, Suspense, useState } from 'react'
import { formatInstant, visitorZone } from '../../../i18n/format.ts'
import { useText } from '../../../i18n/text.ts'
import { ActionNotice } from '../../../ui/action-notice.tsx'
import { Ago } from '../../../ui/ago.tsx'
import type { Question } from '../../../ui/ask.tsx'
import { Button } from '../../../ui/button.tsx'
import { deviceFrom } from '../../../ui/device.ts'
import { TextField } from '../../../ui/field.tsx'
import { Key } from '../../../ui/guard-glyphs.tsx'
import { Icon } from '../../../ui/icons.tsx'
import { AtProvider } from '../at-provider.tsx'
import { PasswordFirst } from '../password-first.tsx'
import type { Passkey, SecurityState } from '../query.ts'
import { Fact, Panel, Section } from '../section.tsx'
import { RecoveryCodes } from '../two-step/recovery-codes.tsx'
import { usePasskeys } from './use-passkeys.ts'

const Ask = lazy(async () => ({ default: (await import('../../../ui/ask.tsx')).Ask }))

type RowProps = { passkey: Passkey; busy: boolean; onRemove: () => void }

function Row({ passkey, busy, onRemove }: RowProps) {
  const { t, tag } = useText()
  const { label, createdAt, lastUsedAt } = passkey
  const date = formatInstant(createdAt, 'fullDay', { tag, timeZone: visitorZone() })
  const action = (
    <Button variant="quiet" size="sm" busy={busy} onClick={onRemove}>
      {t('passkeys.remove')}
      <span className="sr-only">{label}</span>
    </Button>
  )
  return (
    <Fact icon={<Key />} title={label} action={action}>
      {t('passkeys.since', { date })}
      <span className="block text-ink-faint">
        {lastUsedAt ? (
          <>
            {t('passkeys.used')} <Ago instant={lastUsedAt} />
          </>
        ) : (
          t('passkeys.unused')
        )}
      </span>
    </Fact>
  )
}

type AddProps = { busy: boolean; onAdd: (label: string) => void; onClose: () => void }

/** The name comes first: the device's own dialog follows at once. */
function Add({ busy, onAdd, onClose }: AddProps) {
  const { t } = useText()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const label = String(new FormData(event.currentTarget).get('label') ?? '').trim()
    if (!busy && label) onAdd(label)
  }
  return (
    <form onSubmit={submit} className="flex animate-rise flex-col gap-5">
      <div className="max-w-md">
        <TextField
          label={t('passkeys.label')}
          hint={t('passkeys.label.hint')}
          name="label"
          required
          maxLength={60}
          defaultValue={deviceFrom(navigator.userAgent)?.name ?? ''}
        />
      </div>
      <div className="flex flex-wrap gap-3 max-sm:*:w-full">
        <Button type="submit" busy={busy}>
          {t('passkeys.create')}
        </Button>
        <Button variant="quiet" onClick={onClose}>
          {t('form.close')}
        </Button>
      </div>
    </form>
  )
}

type PasskeysProps = { security: SecurityState; onChanged: () => void }

const questionFor = (passkey: Passkey, onConfirm: () => void): Question => ({
  title: 'passkeys.remove.title',
  body: 'passkeys.remove.body',
  values: { label: passkey.label },
  confirm: 'passkeys.remove',
  keep: 'security.keep',
  onConfirm,
})

type Actions = ReturnType<typeof usePasskeys>

function List({ passkeys, actions }: Pick<SecurityState, 'passkeys'> & { actions: Actions }) {
  const [question, setQuestion] = useState<Question | null>(null)
  if (passkeys.length === 0) return null
  return (
    <Panel>
      <ul className="flex flex-col gap-4">
        {passkeys.map((passkey) => (
          <li key={passkey.id}>
            <Row
              passkey={passkey}
              busy={actions.busy}
              onRemove={() => setQuestion(questionFor(passkey, () => actions.remove(passkey.id)))}
            />
          </li>
        ))}
      </ul>
      {question && (
        <Suspense>
          <Ask question={question} onClose={() => setQuestion(null)} />
        </Suspense>
      )}
    </Panel>
  )
}

/** The way to one more: its name, the password where it is asked for, then the device's own dialog. */
function Adding({ actions }: { actions: Actions }) {
  const { t } = useText()
  const [isOpen, setOpen] = useState(false)
  const { waiting, busy } = actions
  const add = (label: string) => {
    setOpen(false)
    actions.add(label)
  }
  if (waiting)
    return (
      <Panel>
        <PasswordFirst
          isWrong={waiting.password !== null}
          busy={busy}
          onPassword={actions.withPassword}
          onClose={actions.forget}
        />
      </Panel>
    )
  if (isOpen)
    return (
      <Panel>
        <Add busy={busy} onAdd={add} onClose={() => setOpen(false)} />
      </Panel>
    )
  return (
    <Button
      variant="secondary"
      className="self-start max-sm:w-full"
      busy={busy}
      onClick={() => setOpen(true)}
    >
      <Icon name="plus" />
      {t('passkeys.add')}
    </Button>
  )
}

function Own({ security, onChanged }: PasskeysProps) {
  const { t } = useText()
  const { passkeys, totpEnabled } = security
  const actions = usePasskeys(totpEnabled || passkeys.length > 0, onChanged)
  const isPossible = 'PublicKeyCredential' in globalThis
  return (
    <>
      {actions.outcome && <ActionNotice outcome={actions.outcome} otherwise="passkeys.failed" />}
      <List passkeys={passkeys} actions={actions} />
      {passkeys.length === 0 && (
        <p className="text-sm text-ink-faint">
          {t(isPossible ? 'passkeys.none' : 'passkeys.impossible')}
        </p>
      )}
      {actions.codes && (
        <Panel>
          <RecoveryCodes codes={actions.codes} onKept={actions.codesKept} />
        </Panel>
      )}
      {isPossible && !actions.codes && <Adding actions={actions} />}
    </>
  )
}

/** Signing in by a device's own lock: a finger, a face, a key. */
export const Passkeys = ({ isExternal, ...own }: PasskeysProps & { isExternal: boolean }) => (
  <Section id="passkeys" title="passkeys.title" lead="passkeys.lead">
    {isExternal ? <AtProvider icon={<Key />} of="passkey" /> : <Own {...own} />}
  </Section>
)
