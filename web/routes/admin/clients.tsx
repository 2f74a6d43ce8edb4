import { lazy, Suspense, useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { useText } from '../../i18n/text.ts'
import { ActionNotice, type ActionOutcome } from '../../ui/action-notice.tsx'
import { Ago } from '../../ui/ago.tsx'
import type { Question } from '../../ui/ask.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Key } from '../../ui/guard-glyphs.tsx'
import { Icon } from '../../ui/icons.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { ClientForm } from './client-form.tsx'
import { ListSkeleton, More, pageSize } from './list-parts.tsx'
import type { Planned } from './plan/plan-dialog.tsx'
import { type ApiClient, ApiClients, DisableClient, RotateClient } from './query.ts'
import { type Secret, SecretPanel } from './secret-panel.tsx'
import { type Column, Table } from './table.tsx'

// Few secrets are changed: the dialog comes when it is asked for.
const Ask = lazy(async () => ({ default: (await import('../../ui/ask.tsx')).Ask }))
const PlanDialog = lazy(async () => ({
  default: (await import('./plan/plan-dialog.tsx')).PlanDialog,
}))

/** A new secret, or the end of a client; each of them is asked about before. */
function useClientActions(onSecret: (secret: Secret) => void) {
  const [rotating, runRotate] = useMutation(RotateClient)
  const [disabling, runDisable] = useMutation(DisableClient)
  const [outcome, setOutcome] = useState<ActionOutcome | null>(null)

  async function rotate({ id, name }: ApiClient): Promise<void> {
    setOutcome(null)
    const { data, error } = await runRotate({ id })
    const answer = data?.rotateClientSecret
    if (!answer) return setOutcome({ kind: 'failed', error })
    if (answer.__typename !== 'ClientSecretRotated')
      return setOutcome({ kind: 'refused', text: 'admin.client.gone', values: { name } })
    onSecret({ name, clientId: answer.client.clientId, secret: answer.secretShownOnce })
  }

  async function disable({ id, name }: ApiClient): Promise<void> {
    setOutcome(null)
    const { data, error } = await runDisable({ id })
    const answer = data?.disableApiClient
    if (!answer) return setOutcome({ kind: 'failed', error })
    const done = answer.__typename === 'ApiClientDisabled'
    const text = done ? 'admin.client.disabled' : 'admin.client.gone'
    setOutcome({ kind: done ? 'done' : 'refused', text, values: { name } })
  }

  return { rotate, disable, outcome, setOutcome, busy: rotating.fetching || disabling.fetching }
}

/** What a program may spend: its plan's points, or the requests of one without a plan. */
function Spending({ client: { plan, rateLimitPerMinute } }: { client: ApiClient }) {
  const { t, tag } = useText()
  const points = new Intl.NumberFormat(tag).format(plan?.pointsPerMinute ?? 0)
  return (
    <span className="block text-ink-faint">
      {plan
        ? `${plan.plan} · ${t('admin.plan.points', { points })}`
        : t('admin.client.rate', { count: rateLimitPerMinute })}
    </span>
  )
}

type Asks = Readonly<Record<'onPlan' | 'onRotate' | 'onDisable', (client: ApiClient) => void>>

function useClientColumns({ onPlan, onRotate, onDisable }: Asks): Column<ApiClient>[] {
  const { t } = useText()
  return [
    {
      label: t('admin.client.name'),
      isName: true,
      cell: ({ name, clientId }) => (
        <>
          <span className="block font-medium">{name}</span>
          <code className="block font-mono text-xs break-all text-ink-soft">{clientId}</code>
        </>
      ),
    },
    {
      label: t('admin.client.scopes'),
      cell: (client) => (
        <>
          <span className="block text-ink-soft">{client.scopes.join(', ')}</span>
          <Spending client={client} />
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
    {
      label: t('admin.status'),
      cell: ({ disabledAt }) =>
        disabledAt ? (
          <Badge>{t('admin.client.off')}</Badge>
        ) : (
          <Badge tone="positive">{t('admin.client.on')}</Badge>
        ),
    },
    {
      label: t('admin.actions'),
      isLast: true,
      cell: (client) =>
        !client.disabledAt && (
          <span className="inline-flex flex-wrap gap-2 max-sm:mt-2 sm:justify-end">
            <Button variant="quiet" size="sm" onClick={() => onPlan(client)}>
              {t('admin.plan')}
              <span className="sr-only">{client.name}</span>
            </Button>
            <Button variant="secondary" size="sm" onClick={() => onRotate(client)}>
              {t('admin.client.rotate')}
              <span className="sr-only">{client.name}</span>
            </Button>
            <Button variant="quiet" size="sm" onClick={() => onDisable(client)}>
              {t('admin.client.disable')}
              <span className="sr-only">{client.name}</span>
            </Button>
          </span>
        ),
    },
  ]
}

const questionsFor = (actions: ReturnType<typeof useClientActions>) => ({
  rotate: (client: ApiClient): Question => ({
    title: 'admin.client.rotate.title',
    body: 'admin.client.rotate.body',
    values: { name: client.name },
    confirm: 'admin.client.rotate.confirm',
    keep: 'admin.keep',
    onConfirm: () => void actions.rotate(client),
  }),
  disable: (client: ApiClient): Question => ({
    title: 'admin.client.disable.title',
    body: 'admin.client.disable.body',
    values: { name: client.name },
    confirm: 'admin.client.disable',
    keep: 'admin.keep',
    onConfirm: () => void actions.disable(client),
  }),
})

function ClientList({ onSecret }: { onSecret: (secret: Secret) => void }) {
  const { t } = useText()
  const [after, setAfter] = useState<string | null>(null)
  const [question, setQuestion] = useState<Question | null>(null)
  const [planned, setPlanned] = useState<Planned | null>(null)
  const [{ data, error, fetching }, ask] = useQuery({
    query: ApiClients,
    variables: { first: pageSize, after },
    requestPolicy: 'cache-and-network',
  })
  const actions = useClientActions(onSecret)
  const questions = questionsFor(actions)
  const columns = useClientColumns({
    onPlan: ({ id, name, plan }) => setPlanned({ id, name, plan: plan?.plan ?? null }),
    onRotate: (client) => setQuestion(questions.rotate(client)),
    onDisable: (client) => setQuestion(questions.disable(client)),
  })
  const clients = data?.apiClients
  if (!clients && error)
    return <ErrorState error={error} retry={() => ask({ requestPolicy: 'network-only' })} />
  if (!clients) return <ListSkeleton />
  const rows = clients.edges.map(({ node }) => node)
  return (
    <div className="mt-6">
      {actions.outcome && <ActionNotice outcome={actions.outcome} otherwise="admin.failed" />}
      {rows.length === 0 ? (
        <EmptyState icon={<Key />} title={t('admin.clients.none')}>
          {t('admin.clients.none.body')}
        </EmptyState>
      ) : (
        <Table label={t('admin.clients')} columns={columns} rows={rows} />
      )}
      <More page={clients.pageInfo} busy={fetching} onMore={setAfter} />
      <Suspense>
        {question && <Ask question={question} onClose={() => setQuestion(null)} />}
        {planned && (
          <PlanDialog
            program={planned}
            onClose={() => setPlanned(null)}
            onDone={(outcome) => {
              setPlanned(null)
              actions.setOutcome(outcome)
              ask({ requestPolicy: 'network-only' })
            }}
          />
        )}
      </Suspense>
    </div>
  )
}

/** Programs of partners: who they are, and the one moment at which a secret can be read. */
export function Clients() {
  const { t } = useText()
  const [adding, setAdding] = useState(false)
  const [secret, setSecret] = useState<Secret | null>(null)
  const show = (shown: Secret) => {
    setAdding(false)
    setSecret(shown)
  }
  return (
    <>
      {secret && <SecretPanel secret={secret} onClose={() => setSecret(null)} />}
      {adding && <ClientForm onClose={() => setAdding(false)} onSecret={show} />}
      {!adding && !secret && (
        <Button variant="secondary" className="mt-8" onClick={() => setAdding(true)}>
          <Icon name="plus" />
          {t('admin.client.add')}
        </Button>
      )}
      <ClientList onSecret={show} />
    </>
  )
}
