import { Link } from '@tanstack/react-router'
import { type FormEvent, useEffect, useRef } from 'react'
import { AccountCard, footLink } from '../../account/card.tsx'
import { NewPassword } from '../../account/new-password.tsx'
import { Sent } from '../../account/sent.tsx'
import { TooMany } from '../../account/too-many.tsx'
import { useText } from '../../i18n/text.ts'
import { Button } from '../../ui/button.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { type Refusal, useCreateAccount } from './use-create-account.ts'

/** Takes the focus: what went wrong is read before what is to be changed. */
function RefusalNotice({ refusal }: { refusal: Refusal }) {
  const { t } = useText()
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => place.current?.focus(), [])
  return (
    <div ref={place} tabIndex={-1} data-focus-target>
      {refusal.kind === 'weak' && <Notice tone="danger">{t('signup.weak')}</Notice>}
      {refusal.kind === 'field' && <Notice tone="danger">{t('form.invalid')}</Notice>}
      {refusal.kind === 'no-proof' && <Notice tone="danger">{t('proof.failed')}</Notice>}
      {refusal.kind === 'later' && <TooMany seconds={refusal.seconds} />}
      {refusal.kind === 'failed' && (
        <FailureNotice error={refusal.error} otherwise="signup.failed" />
      )}
    </div>
  )
}

type FormProps = Omit<ReturnType<typeof useCreateAccount>, 'sentTo'>

function SignUpForm({ create, begin, busy, refusal }: FormProps) {
  const { t } = useText()
  const field = refusal?.kind === 'field' ? refusal.field : null
  const error = (name: string) => (field === name ? t('form.invalidField') : undefined)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (!busy) void create(new FormData(event.currentTarget))
  }
  return (
    <form onSubmit={submit} onFocus={begin} className="flex flex-col gap-5">
      {refusal && <RefusalNotice refusal={refusal} />}
      <TextField
        label={t('signup.name')}
        error={error('displayName')}
        name="displayName"
        autoComplete="name"
        required
        maxLength={120}
      />
      <TextField
        label={t('account.email')}
        error={error('email')}
        name="email"
        type="email"
        autoComplete="email"
        required
        maxLength={254}
      />
      <NewPassword
        label={t('account.password')}
        name="password"
        weakness={refusal?.kind === 'weak' ? refusal.weakness : null}
      />
      <Button type="submit" size="lg" busy={busy}>
        {t(busy ? 'signup.busy' : 'signup.submit')}
      </Button>
    </form>
  )
}

export function SignUpPage() {
  const { t } = useText()
  const { sentTo, ...form } = useCreateAccount()
  if (sentTo) return <Sent title="signup.sent.title" body="signup.sent.body" email={sentTo} />
  const foot = (
    <p>
      {t('signup.already')}{' '}
      <Link to="/login" className={footLink}>
        {t('account.signIn')}
      </Link>
    </p>
  )
  return (
    <AccountCard title={t('signup.title')} lead={t('signup.lead')} foot={foot}>
      <SignUpForm {...form} />
    </AccountCard>
  )
}
