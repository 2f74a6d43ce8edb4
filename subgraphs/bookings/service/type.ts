import { open, seenBy } from '#kit/builder'
import { kept } from '#kit/cache-control'
import { fromGlobalId, toGlobalId } from '#kit/id'
import { builder, NodeType } from '../builder.ts'
import { CancellationPolicyType } from '../cancellation/type.ts'
import { CoachType } from '../coach/type.ts'
import type { Context } from '../context.ts'
import { mayReadService } from './policy.ts'
import { type ServiceRow, servicesByIds } from './queries.ts'
import { locations, textIn } from './rules.ts'

export const LocationKindType = builder.enumType('LocationKind', { values: locations })

export const ServiceType = builder.loadableObjectRef<ServiceRow, string>('Service', {
  load: (ids: string[], { db }: Context) => db.read((sql) => servicesByIds(sql, ids)),
  sort: (service) => service.id,
})

ServiceType.implement({
  ...kept(60),
  interfaces: [NodeType],
  fields: (t) => ({
    id: t.id({ ...seenBy.everybody, resolve: ({ id }) => toGlobalId('Service', id) }),
    coach: t.field({
      ...seenBy.everybody,
      type: CoachType,
      resolve: ({ coachId }) => ({ id: coachId }),
    }),
    name: t.string({
      ...seenBy.everybody,
      description: 'In the asked language, or the other one where it is not written.',
      args: { locale: t.arg.string({ defaultValue: 'fr' }) },
      resolve: ({ name }, { locale }) => textIn(name, locale ?? 'fr') ?? name.fr,
    }),
    description: t.string({
      ...seenBy.everybody,
      nullable: true,
      args: { locale: t.arg.string({ defaultValue: 'fr' }) },
      resolve: ({ description }, { locale }) => textIn(description, locale ?? 'fr'),
    }),
    duration: t.expose('minutes', { ...seenBy.everybody, type: 'Duration' }),
    capacity: t.exposeInt('capacity', seenBy.everybody),
    location: t.expose('location', { ...seenBy.everybody, type: LocationKindType }),
    bufferBefore: t.expose('bufferBeforeMinutes', { ...seenBy.everybody, type: 'Duration' }),
    bufferAfter: t.expose('bufferAfterMinutes', { ...seenBy.everybody, type: 'Duration' }),
    minimumNotice: t.expose('noticeMinutes', { ...seenBy.everybody, type: 'Duration' }),
    horizon: t.field({
      ...seenBy.everybody,
      type: 'Duration',
      resolve: ({ horizonDays }) => horizonDays * 1440,
    }),
    cancelNotice: t.expose('cancelNoticeMinutes', { ...seenBy.everybody, type: 'Duration' }),
    cancellationPolicy: t.field({
      ...seenBy.everybody,
      type: CancellationPolicyType,
      resolve: (service) => service,
    }),
    archived: t.boolean({
      description: 'No longer offered; bookings made before keep it.',
      resolve: ({ archivedAt }) => archivedAt !== null,
    }),
  }),
})

/** Null for an id that is none of ours. */
export async function serviceFrom(globalId: string, context: Context): Promise<ServiceRow | null> {
  const id = fromGlobalId('Service', globalId)
  return id ? ServiceType.getDataloader(context).load(id) : null
}

builder.asEntity(ServiceType, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, context) => serviceFrom(id, context),
})

builder.queryField('service', (t) =>
  t.field({
    ...open,
    ...kept(60),
    type: ServiceType,
    nullable: true,
    description: 'An archived service is null to everybody but its coach.',
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_, { id }, context) => {
      const service = await serviceFrom(id, context)
      return service && mayReadService(context.viewer, service) ? service : null
    },
  }),
)
