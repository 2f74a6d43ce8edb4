import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useQuery } from 'urql'
import { formatInstant, visitorZone } from '../../../i18n/format.ts'
import { useText } from '../../../i18n/text.ts'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Shield } from '../../../ui/guard-glyphs.tsx'
import { ErrorState } from '../../../ui/states.tsx'
import { ListSkeleton, More, pageSize } from '../list-parts.tsx'
import { type Column, Table } from '../table.tsx'
import { Filters, type Wanted } from './filters.tsx'
import { type AuditEvent, AuditEvents } from './query.ts'

const route = getRouteApi('/admin/$part')
const dayMs = 86_400_000

/** Days are the reader's own, and the last one counts whole. */
const filterFrom = ({ action, from, to }: Wanted) => ({
  action: action || null,
  from: from ? new Date(`${from}T00:00:00`).toISOString() : null,
  to: to ? new Date(Date.parse(`${to}T00:00:00`) + dayMs).toISOString() : null,
})

/** What was noted beside the event; nothing when nothing was. */
const detailText = (detail: string): string => (detail === '{}' || detail === 'null' ? '' : detail)

function useAuditColumns(): Column<AuditEvent>[] {
  const { t, tag } = useText()
  const place = { tag, timeZone: visitorZone() }
  return [
    {
      label: t('admin.audit.what'),
      isName: true,
      cell: ({ action, entity, entityId }) => (
        <>
          <code className="block font-mono text-sm font-medium break-all">{action}</code>
          <span
            className="block truncate text-xs text-ink-faint sm:max-w-64"
            title={`${entity} ${entityId}`}
          >
            {entity} {entityId}
          </span>
        </>
      ),
    },
    {
      label: t('admin.audit.who'),
      cell: ({ actor, onBehalfOf, ip }) => (
        <>
          <span className="block">{actor?.displayName ?? t('admin.audit.nobody')}</span>
          {onBehalfOf && (
            <span className="block text-ink-soft">
              {t('admin.audit.for', { name: onBehalfOf.displayName })}
            </span>
          )}
          {ip && <span className="block text-xs text-ink-faint tabular-nums">{ip}</span>}
        </>
      ),
    },
    {
      label: t('admin.audit.when'),
      cell: ({ at }) => (
        <time dateTime={at} className="whitespace-nowrap text-ink-soft tabular-nums">
          {formatInstant(at, 'moment', place)}
        </time>
      ),
    },
    {
      label: t('admin.audit.detail'),
      cell: ({ detail, seq, hash }) => (
        <>
          <code className="block font-mono text-xs break-all text-ink-soft">
            {detailText(detail)}
          </code>
          <span className="block text-xs text-ink-faint tabular-nums" title={hash}>
            #{seq} · {hash.slice(0, 12)}
          </span>
        </>
      ),
    },
  ]
}

function Events({ wanted }: { wanted: Wanted }) {
  const { t } = useText()
  const [after, setAfter] = useState<string | null>(null)
  const columns = useAuditColumns()
  const [{ data, error, fetching }, ask] = useQuery({
    query: AuditEvents,
    variables: { first: pageSize, after, filter: filterFrom(wanted) },
    requestPolicy: 'cache-and-network',
  })
  const events = data?.auditEvents
  if (!events && error)
    return <ErrorState error={error} retry={() => ask({ requestPolicy: 'network-only' })} />
  if (!events) return <ListSkeleton />
  const rows = events.edges.map(({ node }) => node)
  if (rows.length === 0)
    return (
      <EmptyState icon={<Shield />} title={t('admin.audit.none')}>
        {t('admin.audit.none.body')}
      </EmptyState>
    )
  return (
    <>
      <Table label={t('admin.audit')} columns={columns} rows={rows} />
      <More page={events.pageInfo} busy={fetching} onMore={setAfter} />
    </>
  )
}

/** What was done, by whom, latest first; nothing of it can be changed. */
export function Audit() {
  const navigate = useNavigate()
  const { action = '', from = '', to = '' } = route.useSearch()
  const wanted = { action, from, to }
  const find = (next: Wanted) => {
    const filled = Object.entries(next).filter(([, value]) => value)
    void navigate({ to: '.', search: Object.fromEntries(filled), replace: true })
  }
  return (
    <>
      <Filters key={`${action} ${from} ${to}`} wanted={wanted} onWanted={find} />
      <Events key={JSON.stringify(wanted)} wanted={wanted} />
    </>
  )
}
