import { getRouteApi } from '@tanstack/react-router'
import { useQuery } from 'urql'
import type { BookingCard } from '../../graph/fragments.ts'
import { useText } from '../../i18n/text.ts'
import { useSession } from '../../session/session.tsx'
import { NotFound } from '../../shell/not-found.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { ErrorState, SignInState } from '../../ui/states.tsx'
import { useRemaining } from '../../ui/use-remaining.ts'
import { CancelledBooking } from './cancelled.tsx'
import { ConfirmedBooking } from './confirmed.tsx'
import { ExpiredHold } from './expired.tsx'
import { HeldBooking } from './held.tsx'
import { BookingPage } from './query.ts'

const route = getRouteApi('/bookings/$id')

const ended: ReadonlySet<string> = new Set([
  'CANCELLED_BY_CLIENT',
  'CANCELLED_BY_COACH',
  'DECLINED',
])

/** One page a booking; its status decides which of the four faces it shows. */
function Face({ booking }: { booking: BookingCard }) {
  const remainingMs = useRemaining(booking.status === 'HELD' ? booking.holdExpiresAt : null)
  if (booking.status === 'EXPIRED') return <ExpiredHold booking={booking} />
  if (ended.has(booking.status)) return <CancelledBooking booking={booking} />
  if (booking.status !== 'HELD') return <ConfirmedBooking booking={booking} />
  if (remainingMs === 0) return <ExpiredHold booking={booking} />
  return <HeldBooking booking={booking} remainingMs={remainingMs} />
}

const Waiting = () => {
  const { t } = useText()
  return (
    <div className="rounded-xl border border-line bg-surface p-6 shadow-2 sm:p-8">
      <p role="status" className="sr-only">
        {t('loading')}
      </p>
      <Skeleton className="h-8 w-64 max-w-full" />
      <Skeleton className="mt-3 h-5 w-80 max-w-full" />
      <Skeleton className="mt-8 h-52 w-full" />
      <Skeleton className="mt-8 h-12 w-44" />
    </div>
  )
}

export function BookingPageView() {
  const { t, locale } = useText()
  const { session } = useSession()
  const { id } = route.useParams()
  const [{ data, error, fetching }, ask] = useQuery({
    query: BookingPage,
    variables: { id, locale },
    pause: session.state !== 'signed-in',
    requestPolicy: 'cache-and-network',
  })
  if (session.state === 'anonymous')
    return (
      <SignInState
        title={t(session.hasEnded ? 'failure.signedOut.title' : 'booking.signIn.title')}
        body={t(session.hasEnded ? 'failure.signedOut.body' : 'booking.signIn.body')}
      />
    )
  if (error && !data)
    return (
      <ErrorState error={error} retry={() => ask({ requestPolicy: 'network-only' })} level={1} />
    )
  const booking = data?.booking
  if (!booking && data && !fetching) return <NotFound />
  return (
    <div className="mx-auto min-h-[70vh] max-w-2xl px-4 py-8 sm:px-6 sm:py-14">
      {booking ? <Face booking={booking} /> : <Waiting />}
    </div>
  )
}
