import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { type CombinedError, useMutation } from 'urql'
import { AccountCard } from '../../account/card.tsx'
import { NewPassword } from '../../account/new-password.tsx'
import type { Weakness } from '../../account/problems.ts'
import { ResetPassword } from '../../account/query.ts'
import { useText } from '../../i18n/text.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Lock } from '../../ui/guard-glyphs.tsx'
import { Icon } from '../../ui/icons.tsx'
import { PageTitle } from '../../ui/page-title.tsx'

type State =
  | { kind: 'asking' | 'done' | 'dead-link' }
  | { kind: 'weak'; weakness: Weakness }
  | { kind: 'failed'; error: CombinedError | undefined }

function useReset(token: string) {
  const [{ fetching }, run] = useMutation(ResetPassword)
  const [state, setState] = useState<State>({ kind: 'asking' })
  async function reset(password: string): Promise<void> {
    const { data, error } = await run({ input: { token, password } })
    const answer = data?.resetPassword
    if (!answer) return setState({ kind: 'failed', error })
    if (answer.__typename === 'WeakPasswordError')
      return setState({ kind: 'weak', weakness: answer })
    setState({ kind: answer.__typename === 'PasswordReset' ? 'done' : 'dead-link' })
  }
  return { reset, state, busy: fetching }
}

function Done() {
  const { t } = useText()
  const action = (
    <Link to="/login" className={buttonClass({ size: 'lg' })}>
      {t('account.signIn')}
    </Link>
  )
  return (
    <div role="status">
      <PageTitle title={t('reset.done.title')} />
      <EmptyState
        icon={<Icon name="check" />}
        title={t('reset.done.title')}
        action={action}
        level={1}
      >
        {t('reset.done.body')}
      </EmptyState>
    </div>
  )
}

function DeadLink({ onAgain }: { onAgain: () => void }) {
  const { t } = useText()
  const action = (
    <Button size="lg" onClick={onAgain}>
      {t('reset.again')}
    </Button>
  )
  return (
    <div role="alert">
      <PageTitle title={t('reset.dead.title')} />
      <EmptyState icon={<Lock />} title={t('reset.dead.title')} action={action} level={1}>
        {t('reset.dead.body')}
      </EmptyState>
    </div>
  )
}

/** The new password, for whoever holds the letter. */
export function Choose({ token, onAgain }: { token: string; onAgain: () => void }) {
  const { t } = useText()
  const { reset, state, busy } = useReset(token)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const password = String(new FormData(event.currentTarget).get('password') ?? '')
    if (!busy) void reset(password)
  }
  if (state.kind === 'done') return <Done />
  if (state.kind === 'dead-link') return <DeadLink onAgain={onAgain} />
  return (
    <AccountCard title={t('reset.choose.title')} lead={t('reset.choose.lead')}>
      <form onSubmit={submit} className="flex flex-col gap-5">
        {state.kind === 'failed' && <FailureNotice error={state.error} otherwise="reset.failed" />}
        <NewPassword
          label={t('password.new')}
          name="password"
          weakness={state.kind === 'weak' ? state.weakness : null}
        />
        <Button type="submit" size="lg" busy={busy}>
          {t('reset.choose.submit')}
        </Button>
      </form>
    </AccountCard>
  )
}
