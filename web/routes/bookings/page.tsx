import { getRouteApi, Link } from '@tanstack/react-router'
import { type MessageId, useText } from '../../i18n/text.ts'
import { useSession } from '../../session/session.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { SignInState } from '../../ui/states.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { BookingList, BookingListSkeleton } from './list.tsx'
import { type View, viewFrom, views } from './views.ts'

const route = getRouteApi('/bookings')

const names: Record<View, MessageId> = {
  upcoming: 'bookings.upcoming',
  past: 'bookings.past',
  cancelled: 'bookings.cancelled',
}

export function BookingsPage() {
  const { t } = useText()
  const { session } = useSession()
  const view = viewFrom(route.useSearch().view)
  if (session.state === 'anonymous')
    return <SignInState title={t('bookings.signIn.title')} body={t('bookings.signIn.body')} />
  return (
    <div className="mx-auto min-h-[70vh] max-w-3xl px-4 py-10 sm:px-6 sm:py-14">
      <PageTitle title={t('nav.bookings')} />
      <h1 className="text-3xl font-semibold">{t('nav.bookings')}</h1>
      <Tabs
        label={t('bookings.views')}
        tabs={views.map((name) => ({ name, label: t(names[name]), isCurrent: name === view }))}
        link={(name, look) => (
          <Link
            to="/bookings"
            search={name === 'upcoming' ? {} : { view: name }}
            activeOptions={{ exact: true }}
            {...look}
          />
        )}
      />
      {session.state === 'loading' ? (
        <BookingListSkeleton />
      ) : (
        <BookingList key={view} view={view} />
      )}
    </div>
  )
}
