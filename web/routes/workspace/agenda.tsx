import { useState } from 'react'
import { useQuery } from 'urql'
import { serverNow } from '../../graph/clock.ts'
import { useLive } from '../../graph/use-live.ts'
import { useText } from '../../i18n/text.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Icon } from '../../ui/icons.tsx'
import { LiveLabel } from '../../ui/live-label.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { filterOf } from '../bookings/views.ts'
import { AgendaRow } from './agenda-row.tsx'
import { ahead, withNews } from './agenda-rules.ts'
import { type AgendaBooking, AgendaChanged, CoachAgenda } from './query.ts'

const pageSize = 25

/** Bookings that came or changed since the page was opened, by id: the list learns of them without asking. */
function useNews(coachId: string, onAgain: () => void) {
  const { locale } = useText()
  const [news, setNews] = useState<ReadonlyMap<string, AgendaBooking>>(new Map())
  const live = useLive({
    document: AgendaChanged,
    variables: { coachId, locale },
    onEvent: ({ coachCalendarChanged: { booking } }) =>
      setNews((known) => new Map(known).set(booking.id, booking)),
    onAgain,
  })
  return { news, live }
}

/** The coach's coming bookings, the next one first, as they are made, paid, moved and cancelled. */
export function Agenda({ coachId }: { coachId: string }) {
  const { t, locale } = useText()
  const [filter] = useState(() => filterOf('upcoming', serverNow()))
  const [after, setAfter] = useState<string | null>(null)
  const [{ data, error, fetching }, ask] = useQuery({
    query: CoachAgenda,
    variables: { first: pageSize, after, filter, locale },
    requestPolicy: 'cache-and-network',
  })
  const askAgain = () => ask({ requestPolicy: 'network-only' })
  const { news, live } = useNews(coachId, askAgain)
  const connection = data?.viewer?.coach?.bookings
  if (!connection && error) return <ErrorState error={error} retry={askAgain} />
  if (!connection) return <Skeleton className="h-96 w-full" />
  const listed = connection.edges.map(({ node }) => node)
  const bookings = ahead(withNews(listed, news), serverNow())
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap justify-between gap-x-6">
        <LiveLabel state={live} />
        <p role="status" className="text-xs text-ink-faint">
          {news.size > 0 && t('agenda.new', { count: news.size })}
        </p>
      </div>
      {bookings.length === 0 && (
        <EmptyState icon={<Icon name="calendar" />} title={t('agenda.none.title')}>
          {t('agenda.none.body')}
        </EmptyState>
      )}
      <ul className="flex flex-col gap-3">
        {bookings.map((booking) => (
          <li key={booking.id}>
            <AgendaRow booking={booking} isNews={news.has(booking.id)} />
          </li>
        ))}
      </ul>
      {connection.pageInfo.hasNextPage && (
        <Button
          variant="secondary"
          busy={fetching}
          onClick={() => setAfter(connection.pageInfo.endCursor ?? null)}
          className="self-center"
        >
          {t('list.more')}
        </Button>
      )}
    </div>
  )
}
