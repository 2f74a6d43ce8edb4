import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useQuery } from 'urql'
import { formatMoney } from '../../i18n/format.ts'
import { useText } from '../../i18n/text.ts'
import { ActionNotice, type ActionOutcome } from '../../ui/action-notice.tsx'
import { Ago } from '../../ui/ago.tsx'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SelectField } from '../../ui/field.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { Banknote } from './glyphs.tsx'
import { ListSkeleton, More, pageSize } from './list-parts.tsx'
import { type PaymentLine, type PaymentStatus, Payments as PaymentsQuery } from './query.ts'
import { type Column, Table } from './table.tsx'

// Few payments are given back: the dialog comes when it is asked for.
const RefundDialog = lazy(async () => ({
  default: (await import('./refund-dialog.tsx')).RefundDialog,
}))

const route = getRouteApi('/admin/$part')

const tones: Record<PaymentStatus, Tone> = {
  REQUIRES_ACTION: 'caution',
  PROCESSING: 'accent',
  SUCCEEDED: 'positive',
  FAILED: 'danger',
  CANCELLED: 'neutral',
  PARTIALLY_REFUNDED: 'accent',
  REFUNDED: 'neutral',
}
// The keys of a record of all statuses are the statuses.
const statuses = Object.keys(tones) as PaymentStatus[]

const isRefundable = ({ status, amount, refunded }: PaymentLine): boolean =>
  (status === 'SUCCEEDED' || status === 'PARTIALLY_REFUNDED') && refunded.amount < amount.amount

function usePaymentColumns(onRefund: (payment: PaymentLine) => void): Column<PaymentLine>[] {
  const { t, tag } = useText()
  return [
    {
      label: t('admin.payment.amount'),
      isName: true,
      cell: ({ amount, refunded, failureCode }) => (
        <>
          <span className="block font-medium tabular-nums">{formatMoney(amount, tag)}</span>
          {refunded.amount > 0 && (
            <span className="block text-ink-soft">
              {t('admin.payment.refunded', { amount: formatMoney(refunded, tag) })}
            </span>
          )}
          {failureCode && (
            <code className="block font-mono text-xs text-danger">{failureCode}</code>
          )}
        </>
      ),
    },
    {
      label: t('admin.status'),
      cell: ({ status }) => <Badge tone={tones[status]}>{t(`paymentStatus.${status}`)}</Badge>,
    },
    {
      label: t('admin.payment.booking'),
      cell: ({ booking }) =>
        booking && (
          <>
            <Link
              to="/bookings/$id"
              params={{ id: booking.id }}
              className="font-mono text-accent-ink hover:underline"
            >
              {booking.reference}
            </Link>
            <span className="text-ink-soft max-sm:ml-3 sm:block">{booking.client.displayName}</span>
          </>
        ),
    },
    {
      label: t('admin.payment.when'),
      cell: ({ createdAt }) => (
        <span className="text-ink-soft">
          <Ago instant={createdAt} />
        </span>
      ),
    },
    {
      label: t('admin.actions'),
      isLast: true,
      cell: (payment) =>
        isRefundable(payment) && (
          <Button variant="secondary" size="sm" onClick={() => onRefund(payment)}>
            {t('admin.refund')}
            <span className="sr-only">{payment.booking?.reference}</span>
          </Button>
        ),
    },
  ]
}

function StatusFilter({ status }: { status: PaymentStatus | undefined }) {
  const { t } = useText()
  const navigate = useNavigate()
  return (
    <div className="mt-8 max-w-xs">
      <SelectField
        label={t('admin.status')}
        value={status ?? ''}
        onChange={({ target }) =>
          void navigate({
            to: '.',
            search: target.value ? { status: target.value } : {},
            replace: true,
          })
        }
      >
        <option value="">{t('admin.status.all')}</option>
        {statuses.map((value) => (
          <option key={value} value={value}>
            {t(`paymentStatus.${value}`)}
          </option>
        ))}
      </SelectField>
    </div>
  )
}

function PaymentList({ status }: { status: PaymentStatus | undefined }) {
  const { t } = useText()
  const [after, setAfter] = useState<string | null>(null)
  const [chosen, setChosen] = useState<PaymentLine | null>(null)
  const [outcome, setOutcome] = useState<ActionOutcome | null>(null)
  const [{ data, error, fetching }, ask] = useQuery({
    query: PaymentsQuery,
    variables: { first: pageSize, after, filter: status ? { status: [status] } : null },
    requestPolicy: 'cache-and-network',
  })
  const columns = usePaymentColumns((payment) => {
    setOutcome(null)
    setChosen(payment)
  })
  const payments = data?.payments
  const reload = () => ask({ requestPolicy: 'network-only' })
  if (!payments && error) return <ErrorState error={error} retry={reload} />
  if (!payments) return <ListSkeleton />
  const rows = payments.edges.map(({ node }) => node)
  return (
    <div className="mt-6">
      {outcome && <ActionNotice outcome={outcome} otherwise="admin.failed" />}
      {rows.length === 0 && !fetching ? (
        <EmptyState icon={<Banknote />} title={t('admin.payments.none')}>
          {t(status ? 'admin.payments.noneSuch' : 'admin.payments.none.body')}
        </EmptyState>
      ) : (
        <Table label={t('admin.payments')} columns={columns} rows={rows} />
      )}
      <More page={payments.pageInfo} busy={fetching} onMore={setAfter} />
      {chosen && (
        <Suspense>
          <RefundDialog
            payment={chosen}
            onClose={() => setChosen(null)}
            onOutcome={(next) => {
              setChosen(null)
              setOutcome(next)
              reload()
            }}
          />
        </Suspense>
      )}
    </div>
  )
}

export function Payments() {
  const asked = route.useSearch().status
  const status = statuses.find((known) => known === asked)
  return (
    <>
      <StatusFilter status={status} />
      <PaymentList key={status} status={status} />
    </>
  )
}
