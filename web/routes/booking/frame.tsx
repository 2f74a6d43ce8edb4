import type { ReactNode } from 'react'
import { useQuery } from 'urql'
import { useLive } from '../../graph/use-live.ts'
import { useText } from '../../i18n/text.ts'
import { useSession } from '../../session/session.tsx'
import { NotFound } from '../../shell/not-found.tsx'
import { LiveLabel } from '../../ui/live-label.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { ErrorState, SignInState } from '../../ui/states.tsx'
import { BookingChanged, type BookingDetail, BookingPage } from './query.ts'

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

const SignedOut = ({ hasEnded }: { hasEnded: boolean }) => {
  const { t } = useText()
  return (
    <SignInState
      title={t(hasEnded ? 'failure.signedOut.title' : 'booking.signIn.title')}
      body={t(hasEnded ? 'failure.signedOut.body' : 'booking.signIn.body')}
    />
  )
}

type FrameProps = {
  id: string
  children: (booking: BookingDetail, askAgain: () => void) => ReactNode
}

/** A booking as it is now, and as it becomes while the page is open. */
export function BookingFrame({ id, children }: FrameProps) {
  const { locale } = useText()
  const { session } = useSession()
  const isSignedIn = session.state === 'signed-in'
  const [{ data, error, fetching }, ask] = useQuery({
    query: BookingPage,
    variables: { id, locale },
    pause: !isSignedIn,
    requestPolicy: 'cache-and-network',
  })
  const booking = data?.booking
  const live = useLive({
    document: BookingChanged,
    variables: isSignedIn && booking ? { id, locale } : null,
  })
  const askAgain = () => ask({ requestPolicy: 'network-only' })
  if (session.state === 'anonymous') return <SignedOut hasEnded={session.hasEnded ?? false} />
  if (error && !data) return <ErrorState error={error} retry={askAgain} level={1} />
  if (!booking && data && !fetching) return <NotFound />
  return (
    <div className="mx-auto min-h-[70vh] max-w-2xl px-4 py-8 sm:px-6 sm:py-14">
      {booking ? children(booking, askAgain) : <Waiting />}
      <div className="mt-4 flex justify-center">{booking && <LiveLabel state={live} />}</div>
    </div>
  )
}
