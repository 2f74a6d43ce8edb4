import { unguarded } from '#kit/builder'
import { parseGlobalId } from '#kit/id'
import { builder, NodeType } from '../builder.ts'
import { CoachType } from '../coach/type.ts'
import type { Context } from '../context.ts'
import { UserType } from '../person/type.ts'

/** Types that other subgraphs own: this room knows their name and id, the owner fills in the rest. */
for (const name of ['Booking', 'Service', 'Payment', 'WebhookDelivery'] as const) {
  const StubType = builder.objectRef<{ id: string }>(name).implement({
    interfaces: [NodeType],
    isTypeOf: (value) => '__typename' in Object(value) && Object(value).__typename === name,
  })
  builder.asEntity(StubType, {
    key: builder.keyDirective(builder.selection<{ id: string }>('id'), false),
    resolveReference: (stub) => stub,
  })
}

const stub = (__typename: string) => async (globalId: string) => ({ __typename, id: globalId })

/** How each refetchable type is found from its global id and the uuid in it. */
const nodeBy: Record<
  string,
  (globalId: string, id: string, context: Context) => Promise<{ id: string } | null>
> = {
  Booking: stub('Booking'),
  Payment: stub('Payment'),
  Service: stub('Service'),
  WebhookDelivery: stub('WebhookDelivery'),
  User: async (_, id, context) => {
    const person = await UserType.getDataloader(context).load(id)
    return person && { ...person, __typename: 'User' }
  },
  Coach: async (_, id, context) => {
    const coach = await CoachType.getDataloader(context).load(id)
    return coach && { ...coach, __typename: 'Coach' }
  },
}

builder.queryField('node', (t) =>
  t.field({
    ...unguarded,
    type: NodeType,
    nullable: true,
    description:
      'Relay refetch: decodes the typed id and returns a stub; the owning subgraph fills it.',
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_, { id: globalId }, context) => {
      const parsed = parseGlobalId(globalId)
      if (!parsed || !Object.hasOwn(nodeBy, parsed.type)) return null
      return (await nodeBy[parsed.type]?.(globalId, parsed.id, context)) ?? null
    },
  }),
)
