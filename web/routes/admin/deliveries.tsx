import { useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { useText } from '../../i18n/text.ts'
import { ActionNotice, type ActionOutcome } from '../../ui/action-notice.tsx'
import { Ago } from '../../ui/ago.tsx'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { Arrivals } from './glyphs.tsx'
import { ListSkeleton, More, pageSize } from './list-parts.tsx'
import { Deliveries as DeliveriesQuery, type Delivery, ReplayDelivery } from './query.ts'
import { type Column, Table } from './table.tsx'

const tones: Record<Delivery['status'], Tone> = {
  PROCESSED: 'positive',
  IGNORED: 'neutral',
  FAILED: 'danger',
}

/** Does the work of an event once more; the graph does nothing twice. */
function useReplay() {
  const [{ fetching }, run] = useMutation(ReplayDelivery)
  const [replaying, setReplaying] = useState<string | null>(null)
  const [outcome, setOutcome] = useState<ActionOutcome | null>(null)
  async function replay({ id, type }: Delivery): Promise<void> {
    setOutcome(null)
    setReplaying(id)
    const { data, error } = await run({ id })
    const answer = data?.replayWebhook
    if (!answer) return setOutcome({ kind: 'failed', error })
    const status = answer.__typename === 'WebhookReplayed' ? answer.delivery.status : null
    const done = status !== null && status !== 'FAILED'
    const text = done ? 'admin.replay.done' : 'admin.replay.refused'
    setOutcome({ kind: done ? 'done' : 'refused', text, values: { type } })
  }
  return { replay, outcome, replaying: fetching ? replaying : null }
}

type Replay = { replaying: string | null; onReplay: (delivery: Delivery) => void }

function useDeliveryColumns({ replaying, onReplay }: Replay): Column<Delivery>[] {
  const { t } = useText()
  return [
    {
      label: t('admin.delivery.event'),
      isName: true,
      cell: ({ type, eventId }) => (
        <>
          <span className="block font-medium break-all">{type}</span>
          <code className="block font-mono text-xs break-all text-ink-soft">{eventId}</code>
        </>
      ),
    },
    {
      label: t('admin.status'),
      cell: ({ status, lastError }) => (
        <>
          <Badge tone={tones[status]}>{t(`deliveryStatus.${status}`)}</Badge>
          {lastError && (
            <span className="mt-1 block max-w-64 text-xs break-words text-danger">{lastError}</span>
          )}
        </>
      ),
    },
    {
      label: t('admin.delivery.received'),
      cell: ({ receivedAt, attempts }) => (
        <span className="text-ink-soft">
          <Ago instant={receivedAt} /> · {t('admin.delivery.attempts', { count: attempts })}
        </span>
      ),
    },
    {
      label: t('admin.actions'),
      isLast: true,
      cell: (delivery) => (
        <Button
          variant="secondary"
          size="sm"
          busy={replaying === delivery.id}
          onClick={() => onReplay(delivery)}
        >
          {t('admin.replay')}
          <span className="sr-only">{delivery.type}</span>
        </Button>
      ),
    },
  ]
}

/** What the payment provider told us, and the way to have it done again. */
export function Deliveries() {
  const { t } = useText()
  const [after, setAfter] = useState<string | null>(null)
  const { replay, outcome, replaying } = useReplay()
  const columns = useDeliveryColumns({ replaying, onReplay: (delivery) => void replay(delivery) })
  const [{ data, error, fetching }, ask] = useQuery({
    query: DeliveriesQuery,
    variables: { first: pageSize, after },
    requestPolicy: 'cache-and-network',
  })
  const deliveries = data?.webhookDeliveries
  if (!deliveries && error)
    return <ErrorState error={error} retry={() => ask({ requestPolicy: 'network-only' })} />
  if (!deliveries) return <ListSkeleton />
  const rows = deliveries.edges.map(({ node }) => node)
  return (
    <div className="mt-8">
      {outcome && <ActionNotice outcome={outcome} otherwise="admin.failed" />}
      {rows.length === 0 ? (
        <EmptyState icon={<Arrivals />} title={t('admin.webhooks.none')}>
          {t('admin.webhooks.none.body')}
        </EmptyState>
      ) : (
        <Table label={t('admin.webhooks')} columns={columns} rows={rows} />
      )}
      <More page={deliveries.pageInfo} busy={fetching} onMore={setAfter} />
    </div>
  )
}
