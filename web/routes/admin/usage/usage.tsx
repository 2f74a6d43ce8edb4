import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useQuery } from 'urql'
import { useText } from '../../../i18n/text.ts'
import { Badge } from '../../../ui/badge.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { SelectField } from '../../../ui/field.tsx'
import { ErrorState } from '../../../ui/states.tsx'
import { Braces } from '../glyphs.tsx'
import { ListSkeleton, More, pageSize } from '../list-parts.tsx'
import { Search } from '../search.tsx'
import { type Column, Table } from '../table.tsx'
import { type FieldUsage, FieldUsages } from './query.ts'

const route = getRouteApi('/admin/$part')

const filters = {
  all: {},
  deprecated: { deprecated: true },
  used: { used: true },
  unused: { used: false },
} as const
type Show = keyof typeof filters

const isShow = (text: string): text is Show => Object.hasOwn(filters, text)

type Row = FieldUsage & { id: string }

/** Some of them by name, the others as a number: a field may be asked for by all there are. */
const shownMax = 4

function Names({ names }: { names: readonly string[] }) {
  const { t } = useText()
  const more = names.length - shownMax
  return (
    <span className="break-words text-ink-soft" title={names.join(', ')}>
      {names.slice(0, shownMax).join(', ')}
      {more > 0 && ` ${t('admin.usage.more', { count: more })}`}
    </span>
  )
}

function useUsageColumns(): Column<Row>[] {
  const { t, tag } = useText()
  const numbers = new Intl.NumberFormat(tag)
  return [
    {
      label: t('admin.usage.field'),
      isName: true,
      cell: ({ coordinate, deprecation }) => (
        <>
          <code className="block font-mono text-sm font-medium break-all">{coordinate}</code>
          {deprecation && (
            <span className="mt-1 block">
              <Badge tone="caution">{t('admin.usage.leaves')}</Badge>
              <span className="ml-2 text-ink-soft">{deprecation}</span>
            </span>
          )}
        </>
      ),
    },
    {
      label: t('admin.usage.calls'),
      cell: ({ calls }) => (
        <span className="tabular-nums">
          <span className="text-ink-faint sm:hidden">{t('admin.usage.calls')} </span>
          {numbers.format(calls)}
        </span>
      ),
    },
    {
      label: t('admin.usage.clients'),
      cell: ({ clients }) =>
        clients.length > 0 && (
          <Names
            names={clients.map(
              ({ clientName, calls }) => `${clientName} (${numbers.format(calls)})`,
            )}
          />
        ),
    },
    {
      label: t('admin.usage.operations'),
      cell: ({ operations }) => operations.length > 0 && <Names names={operations} />,
    },
  ]
}

function UsageList({ search, show }: { search: string; show: Show }) {
  const { t } = useText()
  const [after, setAfter] = useState<string | null>(null)
  const columns = useUsageColumns()
  const [{ data, error, fetching }, ask] = useQuery({
    query: FieldUsages,
    variables: { first: pageSize, after, filter: { search: search || null, ...filters[show] } },
    requestPolicy: 'cache-and-network',
  })
  const usages = data?.fieldUsages
  if (!usages && error)
    return <ErrorState error={error} retry={() => ask({ requestPolicy: 'network-only' })} />
  if (!usages) return <ListSkeleton />
  const rows = usages.edges.map(({ node }) => ({ ...node, id: node.coordinate }))
  if (rows.length === 0 && !fetching)
    return (
      <EmptyState icon={<Braces />} title={t('admin.usage.none')}>
        {t('admin.usage.none.body')}
      </EmptyState>
    )
  return (
    <>
      <Table label={t('admin.usage')} columns={columns} rows={rows} />
      <More page={usages.pageInfo} busy={fetching} onMore={setAfter} />
    </>
  )
}

/** Every field of the graph, and whom its end would concern. */
export function Usage() {
  const { t } = useText()
  const navigate = useNavigate()
  const { search = '', show: asked = 'all' } = route.useSearch()
  const show = isShow(asked) ? asked : 'all'
  return (
    <>
      <div className="mt-8 flex flex-wrap items-end gap-4">
        <Search label="admin.usage.search" placeholder="admin.usage.placeholder" />
        <SelectField
          label={t('admin.usage.show')}
          value={show}
          onChange={({ target }) =>
            void navigate({
              to: '.',
              search: { ...(search && { search }), show: target.value },
              replace: true,
            })
          }
        >
          {Object.keys(filters).map((one) => (
            <option key={one} value={one}>
              {isShow(one) && t(`admin.usage.show.${one}`)}
            </option>
          ))}
        </SelectField>
      </div>
      <UsageList key={`${search} ${show}`} search={search} show={show} />
    </>
  )
}
