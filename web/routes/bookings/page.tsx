import { getRouteApi, Link } from '@tanstack/react-router'
import { type MessageId, useText } from '../../i18n/text.ts'
import { useSession } from '../../session/session.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { SignInState } from '../../ui/states.tsx'
import { BookingList, BookingListSkeleton } from './list.tsx'
import { type View, viewFrom, views } from './views.ts'

const route = getRouteApi('/bookings')

const names: Record<View, MessageId> = {
  upcoming: 'bookings.upcoming',
  past: 'bookings.past',
  cancelled: 'bookings.cancelled',
}

function Views({ view }: { view: View }) {
  const { t } = useText()
  return (
    <nav aria-label={t('bookings.views')} className="mt-6 border-b border-line">
      <ul className="-mb-px flex gap-6">
        {views.map((name) => (
          <li key={name}>
            <Link
              to="/bookings"
              search={name === 'upcoming' ? {} : { view: name }}
              aria-current={name === view ? 'page' : undefined}
              className="inline-flex min-h-11 items-center border-b-2 border-transparent text-sm font-medium text-ink-soft hover:text-ink aria-[current=page]:border-accent aria-[current=page]:text-ink"
            >
              {t(names[name])}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
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
      <Views view={view} />
      {session.state === 'loading' ? (
        <BookingListSkeleton />
      ) : (
        <BookingList key={view} view={view} />
      )}
    </div>
  )
}
