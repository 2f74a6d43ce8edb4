import { z } from 'zod'
import { audit, auditedBy } from '#kit/audit'
import { requires } from '#kit/builder'
import { violatedConstraint } from '#kit/constraint'
import { fromGlobalId } from '#kit/id'
import { forget, once } from '#kit/idempotency'
import type { Viewer } from '#kit/identity-token'
import type { Money } from '#kit/money'
import type { Sql } from '#kit/postgres'
import { type UserError, userError } from '#kit/user-error'
import {
  builder,
  ConflictErrorType,
  MoneyType,
  NotFoundErrorType,
  UserErrorType,
} from '../builder.ts'
import type { Context } from '../context.ts'
import { idempotencyKey } from '../payment/checkout.ts'
import { callerFrom } from '../payment/policy.ts'
import { paymentsByIds } from '../payment/queries.ts'
import { isPaid, leftOf } from '../payment/rules.ts'
import { PaymentType } from '../payment/type.ts'
import { nextTry } from '../retry.ts'
import { insertRefund } from './queries.ts'
import { sendNow } from './send.ts'

type Refunded = { __typename: 'Refunded'; paymentId: string; refundId: string }
type TooLarge = UserError<'RefundTooLargeError'> & { refundable: Money }
type Answer = Refunded | TooLarge | UserError<'ConflictError' | 'NotFoundError'>

const RefundedType = builder.objectRef<Refunded>('Refunded').implement({
  description: 'It is on its way; `payment.refunded` rises when the provider has taken it.',
  fields: (t) => ({
    payment: t.field({ type: PaymentType, resolve: ({ paymentId }) => paymentId }),
  }),
})

const RefundTooLargeErrorType = builder.objectRef<TooLarge>('RefundTooLargeError').implement({
  interfaces: [UserErrorType],
  fields: (t) => ({ refundable: t.expose('refundable', { type: MoneyType }) }),
})

const RefundResultType = builder.unionType('RefundResult', {
  types: [RefundedType, RefundTooLargeErrorType, ConflictErrorType, NotFoundErrorType],
  resolveType: ({ __typename }) => __typename,
})

const reasonText = 'A reason has 1 to 500 characters.'

const RefundInputType = builder.inputType('RefundInput', {
  fields: (t) => ({
    idempotencyKey: t.string({ required: true, validate: idempotencyKey }),
    paymentId: t.id({ required: true }),
    amount: t.field({
      type: 'MinorUnits',
      description: 'Absent: all that is left.',
      validate: z.int().min(1, 'A refund is of 1 or more.'),
    }),
    reason: t.string({
      required: true,
      validate: z.string().trim().min(1, reasonText).max(500, reasonText),
    }),
  }),
})

const noSuchPayment = () => userError('NotFoundError', 'There is no such payment.', ['paymentId'])

const tooLarge = (refundable: Money): TooLarge => ({
  __typename: 'RefundTooLargeError',
  code: 'REFUND_TOO_LARGE',
  message: 'Less than that is left of the payment.',
  path: ['amount'],
  refundable,
})

type At = { readonly now: Date; readonly requestId: string; readonly viewer: Viewer }
type Wish = { paymentId: string; amount: number | null; reason: string; requestedBy: string }

async function refund(sql: Sql, wish: Wish, { now, requestId, viewer }: At): Promise<Answer> {
  const [payment] = await paymentsByIds(sql, [wish.paymentId])
  if (!payment) return noSuchPayment()
  const left = leftOf(payment)
  if (!isPaid(payment.status))
    return userError('ConflictError', 'The payment is not paid.', ['paymentId'])
  if (left === 0) return userError('ConflictError', 'All of it has been refunded.', ['paymentId'])
  const amount = wish.amount ?? left
  if (amount > left) return tooLarge({ amount: left, currency: payment.currency })
  // Its caller sends it; a worker does, should they not get there.
  const nextAttemptAt = nextTry(now, 0)
  const asked = { ...wish, amount, cause: 'REQUESTED', createdAt: now, nextAttemptAt } as const
  const refundId = await insertRefund(sql, asked)
  if (!refundId) return noSuchPayment()
  const { reason } = wish
  await audit(sql, {
    ...{ action: 'billing.refund-requested', ...auditedBy(viewer), requestId },
    ...{ entity: 'Payment', entityId: payment.id },
    detail: { refundId, amount, currency: payment.currency, reason },
  })
  return { __typename: 'Refunded', paymentId: payment.id, refundId }
}

/** Two at once: the constraint lets through what is left, and who comes second is told again what that is. */
type Asking = Pick<Context, 'db' | 'now' | 'requestId'> & { readonly viewer: Viewer }

async function refundOnce(wish: Wish, key: string, context: Asking): Promise<Answer> {
  const { db, now, requestId, viewer } = context
  const { requestedBy: principal, ...request } = wish
  const identity = { principal, key, operation: 'refundPayment', request }
  const attempt = () =>
    db.write(async (sql) => {
      const answer = await once<Answer>(sql, identity, () =>
        refund(sql, wish, { now: now(), requestId, viewer }),
      )
      // A refusal did nothing, and what is left of a payment changes.
      if (answer.__typename !== 'Refunded') await forget(sql, identity)
      return answer
    })
  return attempt().catch((error: unknown) => {
    if (violatedConstraint(error) !== 'refunds_in_amount') throw error
    return attempt()
  })
}

builder.mutationField('refundPayment', (t) =>
  t.field({
    ...requires(['billing:refund']),
    type: RefundResultType,
    args: { input: t.arg({ type: RefundInputType, required: true }) },
    resolve: async (_, { input }, context) => {
      const viewer = callerFrom(context.viewer)
      const requestedBy = viewer.id
      const paymentId = fromGlobalId('Payment', input.paymentId)
      if (!paymentId) return noSuchPayment()
      const { idempotencyKey: key, amount = null, reason } = input
      const answer = await refundOnce({ paymentId, amount, reason, requestedBy }, key, {
        ...context,
        viewer,
      })
      if (answer.__typename === 'Refunded') await sendNow(context, answer.refundId)
      PaymentType.getDataloader(context).clear(paymentId)
      return answer
    },
  }),
)
