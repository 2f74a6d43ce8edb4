import { Link } from '@tanstack/react-router'
import { useQuery } from 'urql'
import { specialties } from '../../i18n/specialties.ts'
import { useText } from '../../i18n/text.ts'
import { buttonClass } from '../../ui/button.tsx'
import { CoachCard, CoachCardSkeleton } from '../../ui/coach-card.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Icon } from '../../ui/icons.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { NextAvailable } from './next-available.tsx'
import { FeaturedCoaches } from './query.ts'
import { Steps } from './steps.tsx'

const topics = ['sleep', 'stress', 'nutrition', 'yoga', 'career', 'burnout'] as const

const Topics = () => {
  const { t } = useText()
  return (
    <nav aria-label={t('home.topics')} className="mt-10">
      <p className="text-sm text-ink-faint">{t('home.topics')}</p>
      <ul className="mt-3 flex flex-wrap gap-2">
        {topics.map((topic) => (
          <li key={topic}>
            <Link
              to="/coaches"
              search={{ specialty: topic }}
              className="inline-flex min-h-9 items-center rounded-full border border-line bg-surface px-3.5 text-sm text-ink-soft transition-colors hover:border-line-strong hover:text-ink"
            >
              {t(specialties[topic])}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

const Hero = () => {
  const { t } = useText()
  return (
    <div className="max-w-xl">
      <p className="flex items-center gap-2 text-sm font-medium text-accent-ink">
        <Icon name="leaf" className="size-4.5" />
        {t('home.eyebrow')}
      </p>
      <h1 className="mt-4 text-display font-semibold tracking-tight">{t('home.title')}</h1>
      <p className="mt-5 text-lg text-ink-soft">{t('home.lead')}</p>
      <div className="mt-8 flex flex-wrap gap-3">
        <Link to="/coaches" className={buttonClass({ size: 'lg' })}>
          {t('coaches.find')}
          <Icon name="arrow" />
        </Link>
        <a href="#how" className={buttonClass({ variant: 'secondary', size: 'lg' })}>
          {t('home.how')}
        </a>
      </div>
      <Topics />
    </div>
  )
}

export function HomePage() {
  const { t } = useText()
  const [{ data, error, fetching }, ask] = useQuery({ query: FeaturedCoaches })
  const coaches = data?.coaches.edges.map(({ node }) => node) ?? []
  const retry = () => ask({ requestPolicy: 'network-only' })
  return (
    <>
      <PageTitle title="Plexus" />
      <section className="mx-auto grid max-w-6xl items-center gap-12 px-4 pt-12 pb-20 sm:px-6 sm:pt-20 lg:grid-cols-[1.1fr_0.9fr] lg:gap-16">
        <Hero />
        <NextAvailable coaches={coaches} fetching={fetching && !data} />
      </section>
      <Steps />
      <section aria-labelledby="featured" className="mx-auto max-w-6xl px-4 py-20 sm:px-6 sm:py-24">
        <div className="flex flex-wrap items-end justify-between gap-4">
          <h2 id="featured" className="text-2xl font-semibold">
            {t('home.featured')}
          </h2>
          <Link
            to="/coaches"
            className="inline-flex min-h-9 items-center gap-1.5 rounded-sm text-sm font-medium text-accent-ink hover:underline"
          >
            {t('coaches.all')}
            <Icon name="arrow" className="size-4" />
          </Link>
        </div>
        {error && !data && <ErrorState error={error} retry={retry} />}
        {data && coaches.length === 0 && (
          <EmptyState icon={<Icon name="people" />} title={t('coaches.none.title')}>
            {t('coaches.none.body')}
          </EmptyState>
        )}
        <ul className="mt-8 grid grid-cols-1 gap-5 sm:grid-cols-2 lg:grid-cols-3">
          {coaches.slice(0, 3).map((coach) => (
            <li key={coach.id}>
              <CoachCard coach={coach} />
            </li>
          ))}
          {fetching &&
            !data &&
            [0, 1, 2].map((place) => (
              <li key={place}>
                <CoachCardSkeleton />
              </li>
            ))}
        </ul>
      </section>
    </>
  )
}
