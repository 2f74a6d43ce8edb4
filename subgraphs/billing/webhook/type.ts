import { seenBy } from '#kit/builder'
import { fromGlobalId, toGlobalId } from '#kit/id'
import { builder, NodeType } from '../builder.ts'
import type { Context } from '../context.ts'
import { type DeliveryRow, deliveriesByIds } from './queries.ts'

const DeliveryStatusType = builder.enumType('DeliveryStatus', {
  values: {
    PROCESSED: { description: 'Its work is done.' },
    IGNORED: { description: 'It is about nothing of ours.' },
    FAILED: { description: 'Its work was not done; the provider sends it again.' },
  } as const,
})

export const WebhookDeliveryType = builder.loadableObjectRef<DeliveryRow, string>(
  'WebhookDelivery',
  {
    load: (ids: string[], { db }: Context) => db.read((sql) => deliveriesByIds(sql, ids)),
    sort: (delivery) => delivery.id,
  },
)

WebhookDeliveryType.implement({
  ...seenBy.staff,
  interfaces: [NodeType],
  description: 'An event of the payment provider, however often it was delivered.',
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => toGlobalId('WebhookDelivery', id) }),
    provider: t.exposeString('provider'),
    eventId: t.exposeString('eventId'),
    type: t.exposeString('type'),
    receivedAt: t.expose('receivedAt', { type: 'DateTime' }),
    status: t.expose('status', { type: DeliveryStatusType }),
    attempts: t.exposeInt('attempts', { description: 'How often its work was begun.' }),
    lastError: t.exposeString('lastError', { nullable: true }),
  }),
})

builder.asEntity(WebhookDeliveryType, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: async (reference, context) => {
    const id = fromGlobalId('WebhookDelivery', reference.id)
    return id && WebhookDeliveryType.getDataloader(context).load(id)
  },
})
