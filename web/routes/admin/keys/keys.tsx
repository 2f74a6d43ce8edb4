import { lazy, Suspense, useState } from 'react'
import { useQuery } from 'urql'
import { serverNow } from '../../../graph/clock.ts'
import { formatInstant, visitorZone } from '../../../i18n/format.ts'
import { useText } from '../../../i18n/text.ts'
import { ActionNotice } from '../../../ui/action-notice.tsx'
import { Ago } from '../../../ui/ago.tsx'
import type { Question } from '../../../ui/ask.tsx'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Key } from '../../../ui/guard-glyphs.tsx'
import { Icon } from '../../../ui/icons.tsx'
import { ErrorState } from '../../../ui/states.tsx'
import { ListSkeleton, More, pageSize } from '../list-parts.tsx'
import { type Secret, SecretPanel } from '../secret-panel.tsx'
import { type Column, Table } from '../table.tsx'
import { KeyForm } from './key-form.tsx'
import { type ApiKey, ApiKeys } from './query.ts'
import { useKeys } from './use-keys.ts'

// Few keys are changed: the dialogs come when they are asked for.
const Ask = lazy(async () => ({ default: (await import('../../../ui/ask.tsx')).Ask }))
const RotateDialog = lazy(async () => ({
  default: (await import('./rotate-dialog.tsx')).RotateDialog,
}))

const isOver = ({ expiresAt, revokedAt }: ApiKey): boolean =>
  revokedAt !== null || Date.parse(expiresAt) <= serverNow()

function Validity({ apiKey }: { apiKey: ApiKey }) {
  const { t, tag } = useText()
  const place = { tag, timeZone: visitorZone() }
  const { expiresAt, overlapUntil, revokedAt } = apiKey
  if (revokedAt) return <Badge>{t('admin.key.ended')}</Badge>
  if (isOver(apiKey)) return <Badge tone="caution">{t('admin.key.expired')}</Badge>
  const overlaps = overlapUntil && Date.parse(overlapUntil) > serverNow()
  return (
    <>
      <span className="block text-ink-soft">
        {t('admin.key.validUntil', { date: formatInstant(expiresAt, 'shortDay', place) })}
      </span>
      {overlaps && (
        <span className="block text-ink-faint">
          {t('admin.key.overlapUntil', { time: formatInstant(overlapUntil, 'moment', place) })}
        </span>
      )}
    </>
  )
}

type Asks = { onRotate: (key: ApiKey) => void; onRevoke: (key: ApiKey) => void }

function useKeyColumns({ onRotate, onRevoke }: Asks): Column<ApiKey>[] {
  const { t } = useText()
  return [
    {
      label: t('admin.client.name'),
      isName: true,
      cell: ({ name, beginning }) => (
        <>
          <span className="block font-medium">{name}</span>
          <code className="block font-mono text-xs break-all text-ink-soft">{beginning}…</code>
        </>
      ),
    },
    {
      label: t('admin.client.scopes'),
      cell: ({ scopes, rateLimitPerMinute }) => (
        <>
          <span className="block text-ink-soft">{scopes.join(', ')}</span>
          <span className="block text-ink-faint">
            {t('admin.client.rate', { count: rateLimitPerMinute })}
          </span>
        </>
      ),
    },
    {
      label: t('admin.client.lastUsed'),
      cell: ({ lastUsedAt }) => (
        <span className="text-ink-soft">
          {lastUsedAt ? <Ago instant={lastUsedAt} /> : t('admin.client.unused')}
        </span>
      ),
    },
    { label: t('admin.key.validity'), cell: (apiKey) => <Validity apiKey={apiKey} /> },
    {
      label: t('admin.actions'),
      isLast: true,
      cell: (apiKey) =>
        !apiKey.revokedAt && (
          <span className="inline-flex gap-2 max-sm:mt-2">
            <Button variant="secondary" size="sm" onClick={() => onRotate(apiKey)}>
              {t('admin.key.rotate')}
              <span className="sr-only">{apiKey.name}</span>
            </Button>
            <Button variant="quiet" size="sm" onClick={() => onRevoke(apiKey)}>
              {t('admin.key.revoke')}
              <span className="sr-only">{apiKey.name}</span>
            </Button>
          </span>
        ),
    },
  ]
}

type Actions = ReturnType<typeof useKeys>

const questionFor = (key: ApiKey, actions: Actions): Question => ({
  title: 'admin.key.revoke.title',
  body: 'admin.key.revoke.body',
  values: { name: key.name },
  confirm: 'admin.key.revoke',
  keep: 'admin.keep',
  onConfirm: () => actions.revoke(key),
})

function KeyList({ actions }: { actions: Actions }) {
  const { t } = useText()
  const [after, setAfter] = useState<string | null>(null)
  const [question, setQuestion] = useState<Question | null>(null)
  const [rotating, setRotating] = useState<ApiKey | null>(null)
  const [{ data, error, fetching }, ask] = useQuery({
    query: ApiKeys,
    variables: { first: pageSize, after },
    requestPolicy: 'cache-and-network',
  })
  const columns = useKeyColumns({
    onRotate: setRotating,
    onRevoke: (key) => setQuestion(questionFor(key, actions)),
  })
  const keys = data?.apiKeys
  if (!keys && error)
    return <ErrorState error={error} retry={() => ask({ requestPolicy: 'network-only' })} />
  if (!keys) return <ListSkeleton />
  const rows = keys.edges.map(({ node }) => node)
  return (
    <div className="mt-6">
      {rows.length === 0 ? (
        <EmptyState icon={<Key />} title={t('admin.keys.none')}>
          {t('admin.keys.none.body')}
        </EmptyState>
      ) : (
        <Table label={t('admin.keys')} columns={columns} rows={rows} />
      )}
      <More page={keys.pageInfo} busy={fetching} onMore={setAfter} />
      <Suspense>
        {question && <Ask question={question} onClose={() => setQuestion(null)} />}
        {rotating && (
          <RotateDialog
            apiKey={rotating}
            onClose={() => setRotating(null)}
            onRotate={(overlapHours) => {
              setRotating(null)
              actions.rotate({ id: rotating.id, name: rotating.name, overlapHours })
            }}
          />
        )}
      </Suspense>
    </div>
  )
}

/** Keys of partners' programs that sign in nowhere: made, renewed with an overlap, ended. */
export function Keys() {
  const { t } = useText()
  const [adding, setAdding] = useState(false)
  const [secret, setSecret] = useState<Secret | null>(null)
  const actions = useKeys((shown) => {
    setAdding(false)
    setSecret(shown)
  })
  return (
    <>
      {secret && <SecretPanel secret={secret} onClose={() => setSecret(null)} />}
      {adding && (
        <KeyForm busy={actions.busy} onCreate={actions.create} onClose={() => setAdding(false)} />
      )}
      {actions.outcome && (
        <div className="mt-6">
          <ActionNotice outcome={actions.outcome} otherwise="admin.failed" />
        </div>
      )}
      {!adding && !secret && (
        <Button variant="secondary" className="mt-8" onClick={() => setAdding(true)}>
          <Icon name="plus" />
          {t('admin.key.add')}
        </Button>
      )}
      <KeyList actions={actions} />
    </>
  )
}
