import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useQuery } from 'urql'
import { useText } from '../../i18n/text.ts'
import { signInUrl, useSession } from '../../session/session.tsx'
import { StepUp } from '../../step-up/step-up.tsx'
import { buttonClass } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Lock } from '../../ui/guard-glyphs.tsx'
import { Icon } from '../../ui/icons.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { ErrorState, SignInState } from '../../ui/states.tsx'
import { Delegations } from './delegations/delegations.tsx'
import { Email } from './email.tsx'
import { PanelSkeleton } from './panel-skeleton.tsx'
import { Passkeys } from './passkeys/passkeys.tsx'
import { Password } from './password/password.tsx'
import { MySecurity } from './query.ts'
import { Sessions } from './sessions/sessions.tsx'
import { Recovery } from './two-step/recovery.tsx'
import { TwoStep } from './two-step/two-step.tsx'

/** What proves who somebody is; kept here, or by the sign-in service. */
function Credentials({ isExternal }: { isExternal: boolean }) {
  const [{ data, error }, ask] = useQuery({
    query: MySecurity,
    requestPolicy: 'cache-and-network',
  })
  const reload = () => ask({ requestPolicy: 'network-only' })
  const viewer = data?.viewer
  useScrollToHash(Boolean(viewer))
  if (!viewer)
    return error ? (
      <ErrorState error={error} retry={reload} />
    ) : (
      <div className="flex flex-col gap-4 py-8">
        <PanelSkeleton rows={3} />
      </div>
    )
  const { security, user } = viewer
  const own = { security, email: user?.email ?? null, onChanged: reload }
  return (
    <>
      <Password {...own} isExternal={isExternal} />
      <TwoStep {...own} isExternal={isExternal} />
      <Passkeys {...own} isExternal={isExternal} />
      {!isExternal && <Recovery {...own} />}
      {!isExternal && <Email {...own} />}
    </>
  )
}

/** A link to a section arrives before the section does. */
function useScrollToHash(isThere: boolean): void {
  useEffect(() => {
    if (isThere && location.hash)
      document.getElementById(location.hash.slice(1))?.scrollIntoView({ block: 'start' })
  }, [isThere])
}

/** What remains of the page when every session has ended, the one that looked at it too. */
function SignedOut({ count }: { count: number }) {
  const { t } = useText()
  const action = (
    <a href={signInUrl('/security')} className={buttonClass({ size: 'lg' })}>
      {t('account.signIn')}
    </a>
  )
  return (
    <div role="status">
      <PageTitle title={t('security.all.done.title')} />
      <EmptyState
        icon={<Icon name="check" />}
        title={t('security.all.done.title')}
        action={action}
        level={1}
      >
        {t('security.all.done.body', { count })}
      </EmptyState>
    </div>
  )
}

/** Whoever acts for somebody has no business with what keeps that person safe. */
function NotTheirs({ name }: { name: string }) {
  const { t } = useText()
  const action = (
    <Link to="/dashboard" className={buttonClass({ size: 'lg' })}>
      {t('nav.dashboard')}
    </Link>
  )
  return (
    <>
      <PageTitle title={t('security.title')} />
      <EmptyState
        icon={<Lock />}
        title={t('security.acting.title', { name })}
        action={action}
        level={1}
      >
        {t('security.acting.body')}
      </EmptyState>
    </>
  )
}

export function SecurityPage() {
  const { t } = useText()
  const { session } = useSession()
  const [ended, setEnded] = useState<number | null>(null)
  if (ended !== null) return <SignedOut count={ended} />
  if (session.state === 'anonymous')
    return <SignInState title={t('security.signIn.title')} body={t('security.signIn.body')} />
  if (session.state === 'signed-in' && session.actor)
    return <NotTheirs name={session.displayName} />
  return (
    <div className="mx-auto min-h-[70vh] max-w-5xl px-4 py-10 sm:px-6 sm:py-14">
      <PageTitle title={t('security.title')} />
      <h1 className="text-3xl font-semibold">{t('security.title')}</h1>
      <p className="mt-2 text-ink-soft">{t('security.lead')}</p>
      <div className="mt-4">
        {session.state === 'loading' ? (
          <div className="flex flex-col gap-4 py-8">
            <PanelSkeleton rows={3} />
          </div>
        ) : (
          <StepUp>
            <Credentials isExternal={session.provider === 'external'} />
            <Sessions onAll={setEnded} />
            <Delegations />
          </StepUp>
        )}
      </div>
    </div>
  )
}
