import { Link } from '@tanstack/react-router'
import type { CombinedError } from 'urql'
import { type FailureKind, failureFrom } from '../graph/failure.ts'
import { type MessageId, useText } from '../i18n/text.ts'
import { signInUrl } from '../session/session.tsx'
import { Button, buttonClass } from './button.tsx'
import { EmptyState } from './empty-state.tsx'
import { Icon } from './icons.tsx'
import { PageTitle } from './page-title.tsx'

const texts: Record<FailureKind, { title: MessageId; body: MessageId }> = {
  offline: { title: 'failure.offline.title', body: 'failure.offline.body' },
  unavailable: { title: 'failure.unavailable.title', body: 'failure.unavailable.body' },
  'signed-out': { title: 'failure.signedOut.title', body: 'failure.signedOut.body' },
  denied: { title: 'failure.denied.title', body: 'failure.denied.body' },
  unexpected: { title: 'failure.unexpected.title', body: 'failure.unexpected.body' },
}

type ErrorStateProps = { error: CombinedError; retry: () => void; level?: 1 | 2 }

/** Says what happened and what helps: try again or sign in, with the id that support asks for. */
export function ErrorState({ error, retry, level = 2 }: ErrorStateProps) {
  const { t } = useText()
  const { kind, requestId } = failureFrom(error)
  const { title, body } = texts[kind]
  const action =
    kind === 'signed-out' ? (
      <a href={signInUrl(location.pathname + location.search)} className={buttonClass()}>
        {t('account.signIn')}
      </a>
    ) : (
      <Button onClick={retry}>{t('failure.retry')}</Button>
    )
  return (
    <div role="alert">
      {level === 1 && <PageTitle title={t(title)} />}
      <EmptyState icon={<Icon name="alert" />} title={t(title)} action={action} level={level}>
        <p>{t(body)}</p>
        {requestId && (
          <p className="mt-3 text-xs text-ink-faint">
            {t('failure.reference')} <code className="font-mono break-all">{requestId}</code>
          </p>
        )}
      </EmptyState>
    </div>
  )
}

/** A page for people with an account, seen by somebody without one. */
export function SignInState({ title, body }: { title: string; body: string }) {
  const { t } = useText()
  const action = (
    <>
      <a
        href={signInUrl(location.pathname + location.search)}
        className={buttonClass({ size: 'lg' })}
      >
        {t('account.signIn')}
      </a>
      <Link to="/signup" className={buttonClass({ variant: 'secondary', size: 'lg' })}>
        {t('account.signUp')}
      </Link>
    </>
  )
  return (
    <>
      <PageTitle title={title} />
      <EmptyState icon={<Icon name="person" />} title={title} action={action} level={1}>
        {body}
      </EmptyState>
    </>
  )
}
