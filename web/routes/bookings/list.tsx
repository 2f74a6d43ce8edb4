import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useQuery } from 'urql'
import { serverNow } from '../../graph/clock.ts'
import { type MessageId, useText } from '../../i18n/text.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { ErrorState, SignInState } from '../../ui/states.tsx'
import { useOnFocus } from '../../ui/use-on-focus.ts'
import { MyBookings } from './query.ts'
import { BookingRow } from './row.tsx'
import { filterOf, orderOf, shownIn, type View } from './views.ts'

const pageSize = 25
const refreshMs = 5_000

const empty: Record<View, { title: MessageId; body: MessageId }> = {
  upcoming: { title: 'bookings.none.title', body: 'bookings.none.body' },
  past: { title: 'bookings.nonePast.title', body: 'bookings.nonePast.body' },
  cancelled: { title: 'bookings.noneCancelled.title', body: 'bookings.noneCancelled.body' },
}

export const BookingListSkeleton = () => {
  const { t } = useText()
  return (
    <div className="mt-6 flex flex-col gap-4">
      <p role="status" className="sr-only">
        {t('loading')}
      </p>
      {[0, 1, 2].map((place) => (
        <div key={place} className="flex gap-5 rounded-xl border border-line bg-surface p-5 sm:p-6">
          <Skeleton className="h-16 w-14" />
          <div className="flex-1">
            <Skeleton className="h-6 w-48 max-w-full" />
            <Skeleton className="mt-2 h-5 w-32" />
            <Skeleton className="mt-4 h-5 w-56 max-w-full" />
          </div>
        </div>
      ))}
    </div>
  )
}

/** Takes the focus, for the button that had it is gone. */
function CancelledNotice() {
  const { t } = useText()
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => place.current?.focus(), [])
  return (
    <div ref={place} tabIndex={-1} data-focus-target className="mt-6">
      <Notice tone="positive">{t('cancel.done')}</Notice>
    </div>
  )
}

const SignedOut = () => {
  const { t } = useText()
  return <SignInState title={t('failure.signedOut.title')} body={t('failure.signedOut.body')} />
}

function Empty({ view }: { view: View }) {
  const { t } = useText()
  const { title, body } = empty[view]
  const action = (
    <Link to="/coaches" className={buttonClass()}>
      {t('coaches.find')}
    </Link>
  )
  return (
    <EmptyState icon={<Icon name="calendar" />} title={t(title)} action={action}>
      {t(body)}
    </EmptyState>
  )
}

export function BookingList({ view }: { view: View }) {
  const { t, locale } = useText()
  const [after, setAfter] = useState<string | null>(null)
  const [filter] = useState(() => filterOf(view, serverNow()))
  const [{ data, error, fetching }, ask] = useQuery({
    query: MyBookings,
    variables: { first: pageSize, after, filter, order: orderOf(view), locale },
    requestPolicy: 'cache-and-network',
  })
  const [cancelled, setCancelled] = useState(0)
  const retry = () => ask({ requestPolicy: 'network-only' })
  // What was paid, moved or cancelled elsewhere shows when the person comes back to this page.
  useOnFocus(retry, refreshMs)
  const events = { onStale: retry, onCancelled: () => setCancelled((count) => count + 1) }
  const connection = data?.viewer?.bookings
  if (!connection && error) return <ErrorState error={error} retry={retry} />
  // The session ended between two answers: there is no viewer any more.
  if (data && !data.viewer && !fetching) return <SignedOut />
  if (!connection) return <BookingListSkeleton />
  const bookings = shownIn(
    view,
    connection.edges.map(({ node }) => node),
    serverNow(),
  )
  const notice = cancelled > 0 && <CancelledNotice key={cancelled} />
  return (
    <>
      {notice}
      {bookings.length === 0 && !fetching && <Empty view={view} />}
      <ul className="mt-6 flex flex-col gap-4">
        {bookings.map((booking) => (
          <li key={booking.id}>
            <BookingRow booking={booking} events={events} />
          </li>
        ))}
      </ul>
      {connection.pageInfo.hasNextPage && (
        <div className="mt-8 flex justify-center">
          <Button
            variant="secondary"
            busy={fetching}
            onClick={() => setAfter(connection.pageInfo.endCursor ?? null)}
          >
            {t('list.more')}
          </Button>
        </div>
      )}
    </>
  )
}
