import { type FormEvent, useEffect, useRef, useState } from 'react'
import { type CombinedError, useMutation } from 'urql'
import { NewPassword } from '../../../account/new-password.tsx'
import type { Weakness } from '../../../account/problems.ts'
import { TooMany } from '../../../account/too-many.tsx'
import { useText } from '../../../i18n/text.ts'
import { Button } from '../../../ui/button.tsx'
import { FailureNotice } from '../../../ui/failure-notice.tsx'
import { PasswordField } from '../../../ui/password-field.tsx'
import { ChangePassword } from './query.ts'

type Refusal =
  | { kind: 'weak'; weakness: Weakness }
  | { kind: 'wrong' }
  | { kind: 'later'; seconds: number }
  | { kind: 'failed'; error: CombinedError | undefined }

function useChange(onDone: (others: number) => void) {
  const [{ fetching }, run] = useMutation(ChangePassword)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  async function change(form: FormData): Promise<void> {
    setRefusal(null)
    const input = { current: String(form.get('current')), next: String(form.get('next')) }
    const { data, error } = await run({ input })
    const answer = data?.changePassword
    if (!answer) return setRefusal({ kind: 'failed', error })
    switch (answer.__typename) {
      case 'PasswordChanged':
        return onDone(answer.otherSessionsRevoked)
      case 'WeakPasswordError':
        return setRefusal({ kind: 'weak', weakness: answer })
      case 'RateLimitedError':
        return setRefusal({ kind: 'later', seconds: answer.retryAfterSeconds })
      case 'InvalidCredentialError':
        return setRefusal({ kind: 'wrong' })
      // The page of now does not offer what the sign-in service keeps.
      case 'ManagedByProviderError':
        return setRefusal({ kind: 'failed', error })
    }
  }
  return { change, refusal, busy: fetching }
}

type PasswordFormProps = {
  email: string | null
  onDone: (others: number) => void
  onClose: () => void
}

/** The password of now, and the one to come. */
export function PasswordForm({ email, onDone, onClose }: PasswordFormProps) {
  const { t } = useText()
  const { change, refusal, busy } = useChange(onDone)
  const place = useRef<HTMLFormElement>(null)
  useEffect(() => {
    place.current?.querySelector<HTMLInputElement>('[name=current]')?.focus()
  }, [])
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (!busy) void change(new FormData(event.currentTarget))
  }
  return (
    <form ref={place} onSubmit={submit} className="flex max-w-md flex-col gap-5 pt-2">
      {refusal?.kind === 'later' && <TooMany seconds={refusal.seconds} />}
      {refusal?.kind === 'failed' && (
        <FailureNotice error={refusal.error} otherwise="password.failed" />
      )}
      {/* Tells a manager of passwords whose they are. */}
      <input
        type="email"
        autoComplete="username"
        value={email ?? ''}
        readOnly
        tabIndex={-1}
        aria-hidden="true"
        className="hidden"
      />
      <PasswordField
        label={t('password.current')}
        error={refusal?.kind === 'wrong' ? t('password.wrong') : undefined}
        name="current"
        autoComplete="current-password"
        required
      />
      <NewPassword
        label={t('password.new')}
        name="next"
        weakness={refusal?.kind === 'weak' ? refusal.weakness : null}
      />
      <p className="text-xs text-ink-faint">{t('password.others')}</p>
      <div className="flex flex-wrap gap-3 max-sm:*:w-full">
        <Button type="submit" busy={busy}>
          {t('password.submit')}
        </Button>
        <Button variant="quiet" onClick={onClose}>
          {t('form.close')}
        </Button>
      </div>
    </form>
  )
}
