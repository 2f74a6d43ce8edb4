import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useQuery } from 'urql'
import { useText } from '../../i18n/text.ts'
import { Button } from '../../ui/button.tsx'
import { CoachCard, CoachCardSkeleton } from '../../ui/coach-card.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Icon } from '../../ui/icons.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { type CoachSearch, Filters } from './filters.tsx'
import { Coaches } from './query.ts'

const route = getRouteApi('/coaches')
const pageSize = 12
const grid = 'grid grid-cols-1 gap-5 sm:grid-cols-2 lg:grid-cols-3'

function Results({ search, clear }: { search: CoachSearch; clear: () => void }) {
  const { t } = useText()
  const asked = JSON.stringify(search)
  const [page, setPage] = useState({ of: asked, after: '' })
  const after = page.of === asked && page.after ? page.after : null
  const variables = { first: pageSize, after, filter: search }
  const [{ data, error, fetching }, ask] = useQuery({ query: Coaches, variables })
  const retry = () => ask({ requestPolicy: 'network-only' })
  if (error && !data) return <ErrorState error={error} retry={retry} />
  if (!data)
    return (
      <div className={grid}>
        {[0, 1, 2, 3, 4, 5].map((place) => (
          <CoachCardSkeleton key={place} />
        ))}
      </div>
    )
  const { edges, pageInfo, totalCount } = data.coaches
  if (edges.length === 0 && !fetching)
    return (
      <EmptyState
        icon={<Icon name="search" />}
        title={t('coaches.noMatch.title')}
        action={<Button onClick={clear}>{t('coaches.clear')}</Button>}
      >
        {t('coaches.noMatch.body')}
      </EmptyState>
    )
  return (
    <div aria-busy={fetching}>
      <h2 className="sr-only">{t('nav.coaches')}</h2>
      <p role="status" className="mb-5 min-h-6 text-sm text-ink-faint">
        {t('coaches.count', { count: totalCount ?? edges.length })}
      </p>
      <ul className={`${grid} transition-opacity ${fetching && !after ? 'opacity-60' : ''}`}>
        {edges.map(({ node }) => (
          <li key={node.id}>
            <CoachCard coach={node} />
          </li>
        ))}
      </ul>
      {pageInfo.hasNextPage && (
        <div className="mt-10 flex justify-center">
          <Button
            variant="secondary"
            busy={fetching}
            onClick={() => setPage({ of: asked, after: pageInfo.endCursor ?? '' })}
          >
            {t('list.more')}
          </Button>
        </div>
      )}
    </div>
  )
}

export function CoachesPage() {
  const { t } = useText()
  const { search = '', specialty, language, city } = route.useSearch()
  const navigate = route.useNavigate()
  const asked: CoachSearch = {
    ...(search && { search }),
    ...(specialty && { specialty }),
    ...(language && { language }),
    ...(city && { city }),
  }
  const change = (next: CoachSearch) => void navigate({ search: next, replace: true })
  return (
    <div className="mx-auto max-w-6xl px-4 py-10 sm:px-6 sm:py-14">
      <PageTitle title={t('coaches.title')} />
      <h1 className="text-3xl font-semibold">{t('coaches.title')}</h1>
      <p className="mt-2 max-w-2xl text-ink-soft">{t('coaches.lead')}</p>
      <Filters value={asked} onChange={change} />
      <div className="mt-8 min-h-[60vh]">
        <Results search={asked} clear={() => change({})} />
      </div>
    </div>
  )
}
