import { type FormEvent, useId, useRef, useState } from 'react'
import { useMutation } from 'urql'
import { formatMoney } from '../../i18n/format.ts'
import { useText } from '../../i18n/text.ts'
import type { ActionOutcome } from '../../ui/action-notice.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { TextField } from '../../ui/field.tsx'
import { decimalFrom, minorFrom } from './amount.ts'
import { type PaymentLine, RefundPayment } from './query.ts'

type Problem = { max: number } | { error: ReturnType<typeof useMutation>[0]['error'] }

type Asked = { amount: number; reason: string }
type RefundDialogProps = {
  payment: PaymentLine
  onClose: () => void
  onOutcome: (outcome: ActionOutcome) => void
}

/** The same intent keeps its key until the graph has answered: a lost answer refunds nothing twice. */
function useRefund({ payment, onOutcome }: RefundDialogProps) {
  const { tag } = useText()
  const [{ fetching }, run] = useMutation(RefundPayment)
  const [problem, setProblem] = useState<Problem | null>(null)
  const key = useRef<string>(null)
  async function refund({ amount, reason }: Asked): Promise<void> {
    key.current ??= crypto.randomUUID()
    setProblem(null)
    const input = { idempotencyKey: key.current, paymentId: payment.id, amount, reason }
    const { data, error } = await run({ input })
    const answer = data?.refundPayment
    if (!answer) return setProblem({ error })
    key.current = null
    if (answer.__typename === 'RefundTooLargeError')
      return setProblem({ max: answer.refundable.amount })
    if (answer.__typename !== 'Refunded')
      return onOutcome({ kind: 'refused', text: 'admin.refund.refused' })
    const values = { amount: formatMoney({ ...payment.amount, amount }, tag) }
    onOutcome({ kind: 'done', text: 'admin.refund.done', values })
  }
  return { refund, busy: fetching, problem }
}

export function RefundDialog(props: RefundDialogProps) {
  const { payment, onClose } = props
  const { currency } = payment.amount
  const { t, tag } = useText()
  const { refund, busy, problem } = useRefund(props)
  const [isUnsound, setUnsound] = useState(false)
  const formId = useId()
  const left = payment.amount.amount - payment.refunded.amount
  const max = problem && 'max' in problem ? problem.max : left
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const amount = minorFrom(String(form.get('amount') ?? ''), currency)
    const isSound = amount !== null && amount > 0 && amount <= max
    setUnsound(!isSound)
    if (isSound && !busy) void refund({ amount, reason: String(form.get('reason') ?? '').trim() })
  }
  const tooLarge = t('admin.refund.max', { amount: formatMoney({ currency, amount: max }, tag) })
  const actions = (
    <>
      <Button variant="secondary" onClick={onClose}>
        {t('admin.keep')}
      </Button>
      <Button variant="danger" type="submit" form={formId} busy={busy}>
        {t('admin.refund.confirm')}
      </Button>
    </>
  )
  return (
    <Dialog title={t('admin.refund.title')} onClose={onClose} actions={actions}>
      <form id={formId} onSubmit={submit} className="flex flex-col gap-4">
        <p>{t('admin.refund.body', { name: payment.booking?.client.displayName ?? '' })}</p>
        <TextField
          label={t('admin.refund.amount', { currency })}
          hint={tooLarge}
          error={isUnsound || max < left ? tooLarge : undefined}
          name="amount"
          inputMode="decimal"
          required
          defaultValue={decimalFrom({ amount: left, currency }, tag)}
        />
        <TextField label={t('admin.refund.reason')} name="reason" required maxLength={200} />
        {problem && 'error' in problem && (
          <FailureNotice error={problem.error} otherwise="admin.failed" />
        )}
      </form>
    </Dialog>
  )
}
