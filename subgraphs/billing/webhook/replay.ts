import { requires } from '#kit/builder'
import { fromGlobalId } from '#kit/id'
import { type UserError, userError } from '#kit/user-error'
import { builder, NotFoundErrorType } from '../builder.ts'
import type { Context } from '../context.ts'
import { workOn } from './apply.ts'
import { deliveriesByIds, noteReplay } from './queries.ts'
import { WebhookDeliveryType } from './type.ts'

type Replayed = { __typename: 'WebhookReplayed'; deliveryId: string }

const WebhookReplayedType = builder.objectRef<Replayed>('WebhookReplayed').implement({
  fields: (t) => ({
    delivery: t.field({ type: WebhookDeliveryType, resolve: ({ deliveryId }) => deliveryId }),
  }),
})

const ReplayWebhookResultType = builder.unionType('ReplayWebhookResult', {
  types: [WebhookReplayedType, NotFoundErrorType],
  resolveType: ({ __typename }) => __typename,
})

const noSuchDelivery = () =>
  userError('NotFoundError', 'There is no such delivery.', ['deliveryId'])

/** Looks again at what the event was about; what is done stays done. */
async function replay(
  id: string,
  context: Context,
): Promise<Replayed | UserError<'NotFoundError'>> {
  const { db, system } = context
  const [delivery] = await db.read((sql) => deliveriesByIds(sql, [id]))
  if (!delivery) return noSuchDelivery()
  const work = await workOn(delivery, context)
  await system.write(async (sql) => {
    await noteReplay(sql, id, work ? 'PROCESSED' : 'IGNORED')
    await work?.(sql)
  })
  return { __typename: 'WebhookReplayed', deliveryId: id }
}

builder.mutationField('replayWebhook', (t) =>
  t.field({
    ...requires(['billing:admin']),
    type: ReplayWebhookResultType,
    description:
      'Does the work of an event again, from what the provider says now. Never does anything twice.',
    args: { deliveryId: t.arg.id({ required: true }) },
    resolve: async (_, { deliveryId }, context) => {
      const id = fromGlobalId('WebhookDelivery', deliveryId)
      return id ? replay(id, context) : noSuchDelivery()
    },
  }),
)
