import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useQuery } from 'urql'
import { formatInstant, visitorZone } from '../i18n/format.ts'
import { useText } from '../i18n/text.ts'
import { useSession } from '../session/session.tsx'
import { Button, buttonClass } from '../ui/button.tsx'
import { CodeField } from '../ui/code-field.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { FailureNotice } from '../ui/failure-notice.tsx'
import { TextField } from '../ui/field.tsx'
import { Key } from '../ui/guard-glyphs.tsx'
import { Notice } from '../ui/notice.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { type Act, keepIntent } from './intent.ts'
import { MyFactors } from './query.ts'
import { type Refusal, useConfirm } from './use-confirm.ts'

const formId = 'step-up'

function RefusalNotice({ refusal }: { refusal: Refusal }) {
  const { t, tag } = useText()
  if (refusal.kind === 'failed')
    return <FailureNotice error={refusal.error} otherwise="stepUp.failed" />
  if (refusal.kind === 'passkey') return <Notice tone="danger">{t('stepUp.passkey.failed')}</Notice>
  const { attemptsLeft, lockedUntil } = refusal
  const time = lockedUntil && formatInstant(lockedUntil, 'time', { tag, timeZone: visitorZone() })
  return (
    <Notice tone="danger">
      {time ? t('stepUp.locked', { time }) : t('stepUp.wrong', { count: attemptsLeft })}
    </Notice>
  )
}

type Way = 'totp' | 'recovery'
type Factors = { totpEnabled: boolean; recoveryCodesLeft: number; passkeys: readonly unknown[] }
type Confirm = ReturnType<typeof useConfirm>

type CodeFormProps = { way: Way; confirm: Confirm }

function CodeForm({ way, confirm }: CodeFormProps) {
  const { t } = useText()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const code = String(new FormData(event.currentTarget).get('code') ?? '').trim()
    if (confirm.busy || !code) return
    void (way === 'totp' ? confirm.byCode(code) : confirm.byRecoveryCode(code))
  }
  return (
    <form id={formId} onSubmit={submit} className="mt-5">
      {way === 'totp' ? (
        <CodeField label={t('stepUp.code')} hint={t('stepUp.code.hint')} autoFocus />
      ) : (
        <TextField
          label={t('stepUp.recovery')}
          hint={t('stepUp.recovery.hint')}
          name="code"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          required
          autoFocus
        />
      )}
    </form>
  )
}

const quiet =
  'min-h-9 self-start rounded-sm text-sm font-medium text-accent-ink underline underline-offset-2'

type WaysProps = { factors: Factors; way: Way; onWay: (way: Way) => void; confirm: Confirm }

/** The factors that the reader has; the strongest first. */
function Ways({ factors, way, onWay, confirm }: WaysProps) {
  const { t } = useText()
  const { totpEnabled, recoveryCodesLeft, passkeys } = factors
  const other = way === 'totp' ? 'recovery' : 'totp'
  const hasOther = other === 'totp' ? totpEnabled : recoveryCodesLeft > 0
  return (
    <div className="flex flex-col gap-1">
      {passkeys.length > 0 && (
        <Button
          variant="secondary"
          className="mt-5 w-full"
          busy={confirm.busy}
          onClick={() => void confirm.byPasskey()}
        >
          <Key />
          {t('stepUp.passkey')}
        </Button>
      )}
      {(totpEnabled || recoveryCodesLeft > 0) && <CodeForm key={way} way={way} confirm={confirm} />}
      {hasOther && (
        <button type="button" className={`mt-2 ${quiet}`} onClick={() => onWay(other)}>
          {t(other === 'totp' ? 'stepUp.code.instead' : 'stepUp.recovery.instead')}
        </button>
      )}
    </div>
  )
}

type DialogProps = { act: Act; onConfirmed: () => void; onClose: () => void }

/** In place: a code, a passkey or a recovery code. */
function Here({ onConfirmed, onClose }: Omit<DialogProps, 'act'>) {
  const { t } = useText()
  const [{ data, error }] = useQuery({ query: MyFactors, requestPolicy: 'network-only' })
  const [chosen, setWay] = useState<Way | null>(null)
  const confirm = useConfirm(onConfirmed)
  const factors = data?.viewer?.security
  const hasNone =
    factors &&
    !factors.totpEnabled &&
    factors.passkeys.length === 0 &&
    factors.recoveryCodesLeft === 0
  const way = chosen ?? (factors?.totpEnabled === false ? 'recovery' : 'totp')
  const hasCode = factors && (factors.totpEnabled || factors.recoveryCodesLeft > 0)
  const actions = (
    <>
      <Button variant="secondary" onClick={onClose}>
        {t('stepUp.cancel')}
      </Button>
      {hasCode && (
        <Button type="submit" form={formId} busy={confirm.busy}>
          {t('stepUp.confirm')}
        </Button>
      )}
      {hasNone && (
        <Link to="/security" hash="two-step" className={buttonClass()} onClick={onClose}>
          {t('stepUp.none.action')}
        </Link>
      )}
    </>
  )
  return (
    <Dialog title={t('stepUp.title')} onClose={onClose} actions={actions}>
      <p>{t(hasNone ? 'stepUp.none' : 'stepUp.body')}</p>
      {!factors && !error && <Skeleton className="mt-5 h-18 w-full" />}
      {error && !factors && <FailureNotice error={error} otherwise="stepUp.failed" />}
      {factors && !hasNone && <Ways factors={factors} way={way} onWay={setWay} confirm={confirm} />}
      {confirm.refusal && (
        <div className="mt-4">
          <RefusalNotice refusal={confirm.refusal} />
        </div>
      )}
    </Dialog>
  )
}

/** On the provider's pages, from which the reader comes back to this one. */
function Elsewhere({ act, onClose }: Pick<DialogProps, 'act' | 'onClose'>) {
  const { t } = useText()
  const here = encodeURIComponent(location.pathname + location.search)
  const actions = (
    <>
      <Button variant="secondary" onClick={onClose}>
        {t('stepUp.cancel')}
      </Button>
      <a
        href={`/auth/login?acr=2&returnTo=${here}`}
        onClick={() => keepIntent(act.name, act.values)}
        className={buttonClass()}
      >
        {t('stepUp.external.go')}
      </a>
    </>
  )
  return (
    <Dialog title={t('stepUp.title')} onClose={onClose} actions={actions}>
      <p>{t('stepUp.external')}</p>
    </Dialog>
  )
}

/** Asks the reader to show that it is them, before something that could hurt them. */
export function StepUpDialog(props: DialogProps) {
  const { session } = useSession()
  const isExternal = session.state === 'signed-in' && session.provider === 'external'
  return isExternal ? <Elsewhere {...props} /> : <Here {...props} />
}
