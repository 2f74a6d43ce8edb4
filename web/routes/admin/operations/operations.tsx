import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useQuery } from 'urql'
import { formatInstant, visitorZone } from '../../../i18n/format.ts'
import { useText } from '../../../i18n/text.ts'
import { ActionNotice } from '../../../ui/action-notice.tsx'
import { Ago } from '../../../ui/ago.tsx'
import type { Question } from '../../../ui/ask.tsx'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { ErrorState } from '../../../ui/states.tsx'
import { Braces } from '../glyphs.tsx'
import { ListSkeleton, More, pageSize } from '../list-parts.tsx'
import { Search } from '../search.tsx'
import { type Column, Table } from '../table.tsx'
import { type Operation, Operations as OperationsQuery } from './query.ts'
import { useOperations } from './use-operations.ts'

const route = getRouteApi('/admin/$part')

// Few operations are retired: the dialog comes when it is asked for.
const Ask = lazy(async () => ({ default: (await import('../../../ui/ask.tsx')).Ask }))

function Name({ operation }: { operation: Operation }) {
  const { t } = useText()
  const { name, description, document, hash } = operation
  return (
    <>
      <code className="block font-mono text-sm font-medium break-all">{name}</code>
      {description && <span className="block max-w-md text-ink-soft">{description}</span>}
      <details className="mt-1 max-w-md text-xs">
        <summary className="cursor-pointer py-1 text-ink-faint hover:text-ink">
          {t('admin.operation.document')}
        </summary>
        <code className="mt-1 block break-all text-ink-faint">sha256:{hash}</code>
        <pre className="mt-1 rounded-md bg-hover p-2 font-mono break-words whitespace-pre-wrap">
          {document}
        </pre>
      </details>
    </>
  )
}

function useNumbers() {
  const { tag } = useText()
  return (count: number, digits = 0) =>
    new Intl.NumberFormat(tag, { maximumFractionDigits: digits }).format(count)
}

function Calls({ operation: { calls, p95Ms, lastSeenAt } }: { operation: Operation }) {
  const { t } = useText()
  const numbers = useNumbers()
  if (!lastSeenAt) return <span className="text-ink-faint">{t('admin.operation.never')}</span>
  return (
    <>
      <span className="block tabular-nums">
        <span className="text-ink-faint sm:hidden">{t('admin.operation.calls')} </span>
        {numbers(calls)}
      </span>
      <span className="block whitespace-nowrap text-ink-faint">
        <Ago instant={lastSeenAt} />
      </span>
      {p95Ms !== null && (
        <span className="block whitespace-nowrap text-ink-faint tabular-nums">
          {t('admin.operation.p95', { ms: numbers(p95Ms, 1) })}
        </span>
      )}
    </>
  )
}

type Actions = ReturnType<typeof useOperations>

function State({ operation, actions }: { operation: Operation; actions: Actions }) {
  const { t, tag } = useText()
  const { retiredAt } = operation
  if (!retiredAt)
    return (
      <span className="whitespace-nowrap">
        <Badge tone="positive">{t('admin.operation.live')}</Badge>
      </span>
    )
  const day = formatInstant(retiredAt, 'shortDay', { tag, timeZone: visitorZone() })
  return (
    <>
      <span className="whitespace-nowrap">
        <Badge>{t('admin.operation.retired', { day })}</Badge>
      </span>
      <Button
        variant="quiet"
        size="sm"
        busy={actions.busy}
        onClick={() => void actions.restore(operation)}
      >
        {t('admin.operation.restore')}
        <span className="sr-only">{operation.name}</span>
      </Button>
    </>
  )
}

type Asks = { actions: Actions; onRetire: (operation: Operation) => void }

function useOperationColumns({ actions, onRetire }: Asks): Column<Operation>[] {
  const { t } = useText()
  const numbers = useNumbers()
  return [
    {
      label: t('admin.operation.name'),
      isName: true,
      cell: (operation) => <Name operation={operation} />,
    },
    {
      label: t('admin.operation.client'),
      cell: ({ clientName, clientVersion, contract }) => (
        <>
          <span className="block">{clientName}</span>
          <span className="block text-ink-faint">
            {[clientVersion, contract].filter(Boolean).join(' · ')}
          </span>
        </>
      ),
    },
    {
      label: t('admin.operation.cost'),
      cell: ({ cost }) => (
        <span className="whitespace-nowrap tabular-nums">
          {t('admin.operation.points', { count: cost, points: numbers(cost) })}
        </span>
      ),
    },
    { label: t('admin.operation.calls'), cell: (operation) => <Calls operation={operation} /> },
    {
      label: t('admin.status'),
      cell: (operation) => <State operation={operation} actions={actions} />,
    },
    {
      label: t('admin.actions'),
      isLast: true,
      cell: (operation) =>
        !operation.retiredAt && (
          <Button variant="quiet" size="sm" onClick={() => onRetire(operation)}>
            {t('admin.operation.retire')}
            <span className="sr-only">{operation.name}</span>
          </Button>
        ),
    },
  ]
}

const questionFor = (operation: Operation, actions: Actions): Question => ({
  title: 'admin.operation.retire.title',
  body: 'admin.operation.retire.body',
  values: { name: operation.name, client: operation.clientName },
  confirm: 'admin.operation.retire',
  keep: 'admin.keep',
  onConfirm: () => void actions.retire(operation),
})

function OperationList({ search }: { search: string }) {
  const { t } = useText()
  const [after, setAfter] = useState<string | null>(null)
  const [question, setQuestion] = useState<Question | null>(null)
  const actions = useOperations()
  const [{ data, error, fetching }, ask] = useQuery({
    query: OperationsQuery,
    variables: { first: pageSize, after, search: search || null },
    requestPolicy: 'cache-and-network',
  })
  const columns = useOperationColumns({
    actions,
    onRetire: (operation) => setQuestion(questionFor(operation, actions)),
  })
  const operations = data?.persistedOperations
  if (!operations && error)
    return <ErrorState error={error} retry={() => ask({ requestPolicy: 'network-only' })} />
  if (!operations) return <ListSkeleton />
  const rows = operations.edges.map(({ node }) => node)
  return (
    <div className="mt-6">
      {actions.outcome && <ActionNotice outcome={actions.outcome} otherwise="admin.failed" />}
      {rows.length === 0 && !fetching ? (
        <EmptyState icon={<Braces />} title={t('admin.operations.none')}>
          {t('admin.operations.none.body')}
        </EmptyState>
      ) : (
        <Table label={t('admin.operations')} columns={columns} rows={rows} />
      )}
      <More page={operations.pageInfo} busy={fetching} onMore={setAfter} />
      {question && (
        <Suspense>
          <Ask question={question} onClose={() => setQuestion(null)} />
        </Suspense>
      )}
    </div>
  )
}

/** What clients may run, how often they do, and the end of it. */
export function Operations() {
  const { search = '' } = route.useSearch()
  return (
    <>
      <div className="mt-8">
        <Search label="admin.operations.search" placeholder="admin.operations.placeholder" />
      </div>
      <OperationList key={search} search={search} />
    </>
  )
}
