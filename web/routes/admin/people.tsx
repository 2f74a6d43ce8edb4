import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useQuery } from 'urql'
import { useText } from '../../i18n/text.ts'
import { Ago } from '../../ui/ago.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Icon } from '../../ui/icons.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { ListSkeleton, More, pageSize } from './list-parts.tsx'
import { PersonPanel } from './person/person-panel.tsx'
import { PersonForm } from './person-form.tsx'
import { statusTones } from './person-looks.ts'
import { People as PeopleQuery, type Person } from './query.ts'
import { Search } from './search.tsx'
import { type Column, Table } from './table.tsx'

const route = getRouteApi('/admin/$part')

function usePeopleColumns(onManage: (id: string) => void): Column<Person>[] {
  const { t } = useText()
  return [
    {
      label: t('admin.people.name'),
      isName: true,
      cell: ({ displayName, email }) => (
        <>
          <span className="block font-medium">{displayName}</span>
          <span className="block break-all text-ink-soft">{email}</span>
        </>
      ),
    },
    {
      label: t('admin.people.roles'),
      cell: ({ roles }) => (
        <span className="flex flex-wrap gap-1.5">
          {roles.map((role) => (
            <Badge key={role}>{t(`role.${role}`)}</Badge>
          ))}
        </span>
      ),
    },
    {
      label: t('admin.status'),
      cell: ({ status }) => <Badge tone={statusTones[status]}>{t(`userStatus.${status}`)}</Badge>,
    },
    {
      label: t('admin.people.since'),
      cell: ({ createdAt }) => (
        <span className="text-ink-soft">
          <Ago instant={createdAt} />
        </span>
      ),
    },
    {
      label: t('admin.actions'),
      isLast: true,
      cell: ({ id, displayName }) => (
        <Button variant="secondary" size="sm" onClick={() => onManage(id)}>
          {t('admin.person.manage')}
          <span className="sr-only">{displayName}</span>
        </Button>
      ),
    },
  ]
}

type PeopleListProps = { search: string; version: number; onManage: (id: string) => void }

function PeopleList({ search, version, onManage }: PeopleListProps) {
  const { t } = useText()
  const [after, setAfter] = useState<string | null>(null)
  const columns = usePeopleColumns(onManage)
  const [{ data, error, fetching }, ask] = useQuery({
    query: PeopleQuery,
    variables: { first: pageSize, after, search: search || null },
    requestPolicy: version > 0 ? 'network-only' : 'cache-and-network',
  })
  const users = data?.users
  if (!users && error)
    return <ErrorState error={error} retry={() => ask({ requestPolicy: 'network-only' })} />
  if (!users) return <ListSkeleton />
  const people = users.edges.map(({ node }) => node)
  if (people.length === 0 && !fetching)
    return (
      <EmptyState icon={<Icon name="people" />} title={t('admin.people.none')}>
        {t('admin.people.none.body')}
      </EmptyState>
    )
  return (
    <>
      <p role="status" className="mt-6 text-sm text-ink-faint">
        {t('admin.people.count', { count: users.totalCount ?? people.length })}
      </p>
      <Table label={t('admin.people')} columns={columns} rows={people} />
      <More page={users.pageInfo} busy={fetching} onMore={setAfter} />
    </>
  )
}

export function People() {
  const { t } = useText()
  const { search = '', person } = route.useSearch()
  const navigate = useNavigate()
  const manage = (id: string | null) =>
    void navigate({
      to: '.',
      search: { ...(search && { search }), ...(id && { person: id }) },
      replace: true,
    })
  const changed = () => setVersion((count) => count + 1)
  const [adding, setAdding] = useState(false)
  const [version, setVersion] = useState(0)
  return (
    <>
      <div className="mt-8 flex flex-wrap items-end gap-4">
        <Search label="admin.people.search" placeholder="admin.people.placeholder" />
        {!adding && (
          <Button variant="secondary" onClick={() => setAdding(true)}>
            <Icon name="plus" />
            {t('admin.people.add')}
          </Button>
        )}
      </div>
      {adding && <PersonForm onClose={() => setAdding(false)} onAdded={changed} />}
      {person && (
        <PersonPanel key={person} id={person} onClose={() => manage(null)} onChanged={changed} />
      )}
      <PeopleList
        key={`${search} ${version}`}
        search={search}
        version={version}
        onManage={manage}
      />
    </>
  )
}
