import { getRouteApi, Link } from '@tanstack/react-router'
import { useQuery } from 'urql'
import { failedAt } from '../../graph/failure.ts'
import { useText } from '../../i18n/text.ts'
import { NotFound } from '../../shell/not-found.tsx'
import { buttonClass } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Icon } from '../../ui/icons.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { Booker } from './booker.tsx'
import { CoachPageSkeleton } from './page-skeleton.tsx'
import { Profile } from './profile.tsx'
import { type Coach, CoachPage, type Service } from './query.ts'

const route = getRouteApi('/coaches/$slug')

const isSome = (services: readonly Service[]): services is readonly [Service, ...Service[]] =>
  services.length > 0

type BookingProps = { coach: Coach; hasPrices: boolean; askAgain: () => void }

function Booking({ coach, hasPrices, askAgain }: BookingProps) {
  const { t } = useText()
  const services = coach.services.edges.map(({ node: { price, ...service } }) =>
    hasPrices ? { ...service, price } : service,
  )
  if (isSome(services)) return <Booker coach={coach} services={services} askAgain={askAgain} />
  const action = (
    <Link to="/coaches" className={buttonClass()}>
      {t('coaches.browse')}
    </Link>
  )
  return (
    <EmptyState
      icon={<Icon name="calendar" />}
      title={t('booker.noServices.title')}
      action={action}
    >
      {t('booker.noServices.body', { name: coach.displayName })}
    </EmptyState>
  )
}

export function CoachPageView() {
  const { t, locale } = useText()
  const { slug } = route.useParams()
  const [{ data, error, fetching }, ask] = useQuery({
    query: CoachPage,
    variables: { slug, locale },
  })
  const retry = () => ask({ requestPolicy: 'network-only' })
  if (fetching && !data) return <CoachPageSkeleton />
  if (!data) return error ? <ErrorState error={error} retry={retry} level={1} /> : <NotFound />
  const { coach } = data
  if (!coach) return <NotFound />
  return (
    <div className="mx-auto max-w-6xl px-4 py-6 sm:px-6 sm:py-10">
      <PageTitle title={coach.displayName} />
      <Link
        to="/coaches"
        className="-ml-1 inline-flex min-h-9 items-center gap-1 rounded-sm pr-2 text-sm text-ink-soft hover:text-ink"
      >
        <Icon name="left" className="size-4" />
        {t('coaches.all')}
      </Link>
      <Profile coach={coach} />
      <Booking coach={coach} hasPrices={!failedAt(error, 'price')} askAgain={retry} />
    </div>
  )
}
