import { useText } from '../../i18n/text.ts'
import { useSession } from '../../session/session.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { SignInState } from '../../ui/states.tsx'
import { AccountState } from './account-state.tsx'
import { NextBookings } from './next-bookings.tsx'

/** What a person finds who has just come in: what is next, and whether the account is safe. */
export function DashboardPage() {
  const { t } = useText()
  const { session } = useSession()
  if (session.state === 'anonymous')
    return <SignInState title={t('dashboard.signIn.title')} body={t('dashboard.signIn.body')} />
  return (
    <div className="mx-auto min-h-[70vh] max-w-5xl px-4 py-10 sm:px-6 sm:py-14">
      <PageTitle title={t('nav.dashboard')} />
      {session.state === 'loading' ? (
        <Skeleton className="h-10 w-72 max-w-full" />
      ) : (
        <>
          <h1 className="text-3xl font-semibold">
            {t('dashboard.hello', { name: session.displayName })}
          </h1>
          <div className="mt-8 grid gap-8 lg:grid-cols-[minmax(0,1fr)_22rem]">
            <NextBookings />
            {!session.actor && <AccountState isExternal={session.provider === 'external'} />}
          </div>
        </>
      )}
    </div>
  )
}
