import { requires } from '#kit/builder'
import { fromGlobalId, toGlobalId } from '#kit/id'
import { builder, MoneyType, NodeType } from '../builder.ts'
import type { Context } from '../context.ts'
import { BookingType } from '../reservation/booking.ts'
import { maySeeFailure } from './policy.ts'
import { type PaymentRow, paymentsByIds } from './queries.ts'
import { paymentStatuses } from './rules.ts'

/** Whoever has to do with bookings or with the books; row-level security says which payments. */
export const reader = requires(['self'], ['bookings:read'], ['bookings:write'], ['billing:read'])

export const PaymentStatusType = builder.enumType('PaymentStatus', { values: paymentStatuses })

export const PaymentType = builder.loadableObjectRef<PaymentRow, string>('Payment', {
  load: (ids: string[], { db }: Context) => db.read((sql) => paymentsByIds(sql, ids)),
  sort: (payment) => payment.id,
})

PaymentType.implement({
  interfaces: [NodeType],
  description: 'Seen by the client who pays, the coach of the booking and whoever keeps the books.',
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => toGlobalId('Payment', id) }),
    status: t.expose('status', { type: PaymentStatusType }),
    amount: t.field({ type: MoneyType, resolve: (payment) => payment }),
    refunded: t.field({
      type: MoneyType,
      description: 'What has been given back, all in all.',
      resolve: ({ refunded, currency }) => ({ amount: refunded, currency }),
    }),
    failureCode: t.string({
      nullable: true,
      description:
        'Why the last attempt to pay failed, as the provider names it. Null for the coach.',
      resolve: (payment, _, { viewer }) =>
        maySeeFailure(viewer, payment) ? payment.failureCode : null,
    }),
    booking: t.field({
      type: BookingType,
      nullable: true,
      resolve: ({ bookingId }) => ({ id: bookingId }),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
  }),
})

async function paymentFrom(globalId: string, context: Context): Promise<PaymentRow | null> {
  const id = fromGlobalId('Payment', globalId)
  return id ? PaymentType.getDataloader(context).load(id) : null
}

builder.asEntity(PaymentType, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, context) => paymentFrom(id, context),
})

builder.queryField('payment', (t) =>
  t.field({
    ...reader,
    type: PaymentType,
    nullable: true,
    description: 'Null when the payment does not exist or may not be seen.',
    args: { id: t.arg.id({ required: true }) },
    resolve: (_, { id }, context) => paymentFrom(id, context),
  }),
)
