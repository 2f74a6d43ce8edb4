import { pageArguments, paged, requires } from '#kit/builder'
import { connectionOf, pageFrom } from '#kit/connection'
import { AppError } from '#kit/errors'
import { scalarRows } from '#kit/scalars'
import { builder } from '../builder.ts'
import { countPayments, type PaymentFilter, paymentsPage } from './queries.ts'
import { PaymentStatusType, PaymentType } from './type.ts'

const PaymentFilterType = builder.inputType('PaymentFilter', {
  description:
    'All given parts must hold; `from` and `to` bound the instant at which a payment began.',
  fields: (t) => ({
    status: t.field({ type: [PaymentStatusType] }),
    from: t.field({ type: 'DateTime' }),
    to: t.field({ type: 'DateTime' }),
  }),
})

const PaymentConnectionType = builder.connectionObject(
  {
    type: PaymentType,
    name: 'PaymentConnection',
    fields: (t) => ({
      totalCount: t.int({ nullable: true, resolve: ({ count }) => count?.() ?? null }),
    }),
  },
  { name: 'PaymentEdge' },
)

const filterFrom = (given: typeof PaymentFilterType.$inferInput): PaymentFilter => ({
  status: given.status ?? null,
  from: given.from ?? null,
  to: given.to ?? null,
})

builder.queryField('payments', (t) =>
  t.field({
    ...requires(['billing:read']),
    ...paged,
    type: PaymentConnectionType,
    description: 'Every payment, newest first.',
    args: {
      first: t.arg.int(pageArguments.first),
      after: t.arg.string(pageArguments.after),
      filter: t.arg({ type: PaymentFilterType }),
    },
    resolve: async (_, args, { db }) => {
      const page = pageFrom(args)
      if (page.after && !scalarRows.DateTime.parse(page.after.key)) {
        throw new AppError('BAD_USER_INPUT', '`after` is a cursor of another list.')
      }
      const filter = filterFrom(args.filter ?? {})
      const rows = await db.read((sql) => paymentsPage(sql, page, filter))
      return {
        ...connectionOf(page, rows, ({ createdAt, id }) => ({ key: createdAt.toISOString(), id })),
        count: () => db.read((sql) => countPayments(sql, filter)),
      }
    },
  }),
)
