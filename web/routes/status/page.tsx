import { useEffect, useRef } from 'react'
import { useQuery } from 'urql'
import { useText } from '../../i18n/text.ts'
import { Icon } from '../../ui/icons.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { ServiceStatus, type State } from './query.ts'
import { states, TargetRow } from './target-row.tsx'

const everyMs = 30_000

const panels: Record<State, string> = {
  UP: 'bg-positive-soft text-positive',
  DEGRADED: 'bg-caution-soft text-caution',
  DOWN: 'bg-danger-soft text-danger',
  UNKNOWN: 'bg-hover text-ink-soft',
}

function Headline({ state }: { state: State }) {
  const { t } = useText()
  return (
    <div role="status" className={`flex items-center gap-3 rounded-xl px-5 py-5 ${panels[state]}`}>
      <Icon name={state === 'UP' ? 'check' : 'alert'} className="size-6 shrink-0" />
      <p className="text-lg font-semibold">{t(states[state].headline)}</p>
    </div>
  )
}

const Waiting = () => (
  <div aria-busy="true">
    <Skeleton className="h-17 w-full" />
    <div className="mt-6 rounded-xl border border-line">
      {[0, 1, 2].map((place) => (
        <div key={place} className="px-5 py-5">
          <Skeleton className="h-6 w-40" />
          <Skeleton className="mt-2 h-5 w-56" />
          <Skeleton className="mt-4 h-8 w-full" />
        </div>
      ))}
    </div>
  </div>
)

/** Asks again while the page is looked at; what was there stays until there is news. */
function useStatus() {
  const [result, ask] = useQuery({ query: ServiceStatus, requestPolicy: 'cache-and-network' })
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') ask({ requestPolicy: 'network-only' })
    }, everyMs)
    return () => clearInterval(timer)
  }, [ask])
  const last = useRef(result.data?.serviceStatus)
  last.current = result.data?.serviceStatus ?? last.current
  const { error } = result
  return { status: last.current, error, retry: () => ask({ requestPolicy: 'network-only' }) }
}

function Status() {
  const { status, error, retry } = useStatus()
  if (!status && error) return <ErrorState error={error} retry={retry} />
  if (!status) return <Waiting />
  return (
    <>
      <Headline state={status.state} />
      <ul className="mt-6 divide-y divide-line rounded-xl border border-line bg-surface">
        {status.targets.map((target) => (
          <TargetRow key={target.name} target={target} />
        ))}
      </ul>
    </>
  )
}

/** What our own prober sees of the platform, for anybody. */
export function StatusPage() {
  const { t } = useText()
  return (
    <div className="mx-auto min-h-[70vh] max-w-3xl px-4 py-10 sm:px-6 sm:py-14">
      <PageTitle title={t('health.title')} />
      <h1 className="text-3xl font-semibold">{t('health.title')}</h1>
      <p className="mt-2 mb-8 text-ink-soft">{t('health.lead')}</p>
      <Status />
    </div>
  )
}
