import { pageArguments, paged, requires } from '#kit/builder'
import { connectionOf, pageFrom } from '#kit/connection'
import { AppError } from '#kit/errors'
import { scalarRows } from '#kit/scalars'
import { builder } from '../builder.ts'
import { countDeliveries, deliveriesPage } from './queries.ts'
import { WebhookDeliveryType } from './type.ts'

const WebhookDeliveryConnectionType = builder.connectionObject(
  {
    type: WebhookDeliveryType,
    name: 'WebhookDeliveryConnection',
    fields: (t) => ({
      totalCount: t.int({ nullable: true, resolve: ({ count }) => count?.() ?? null }),
    }),
  },
  { name: 'WebhookDeliveryEdge' },
)

builder.queryField('webhookDeliveries', (t) =>
  t.field({
    ...requires(['billing:admin']),
    ...paged,
    type: WebhookDeliveryConnectionType,
    description: 'What the payment provider told, newest first.',
    args: { first: t.arg.int(pageArguments.first), after: t.arg.string(pageArguments.after) },
    resolve: async (_, args, { db }) => {
      const page = pageFrom(args)
      if (page.after && !scalarRows.DateTime.parse(page.after.key)) {
        throw new AppError('BAD_USER_INPUT', '`after` is a cursor of another list.')
      }
      const rows = await db.read((sql) => deliveriesPage(sql, page))
      return {
        ...connectionOf(page, rows, ({ receivedAt, id }) => ({
          key: receivedAt.toISOString(),
          id,
        })),
        count: () => db.read(countDeliveries),
      }
    },
  }),
)
