import { requires } from '#kit/builder'
import { AppError } from '#kit/errors'
import { fromGlobalId } from '#kit/id'
import { emit } from '#kit/outbox'
import type { Sql } from '#kit/postgres'
import { userError } from '#kit/user-error'
import { insertCalendar } from '../availability/queries.ts'
import { builder, ConflictErrorType, NotFoundErrorType, ValidationErrorType } from '../builder.ts'
import { ownCoachId } from '../coach/policy.ts'
import { lineUp } from '../session/queries.ts'
import { countServices, insertService, servicesByIds, updateService } from './queries.ts'
import { type ServiceInput, serviceFault, servicesMax, termsFrom } from './rules.ts'
import { LocationKindType, ServiceType } from './type.ts'

const ServiceUpsertedType = builder
  .objectRef<{ __typename: 'ServiceUpserted'; serviceId: string }>('ServiceUpserted')
  .implement({
    fields: (t) => ({ service: t.field({ type: ServiceType, resolve: (it) => it.serviceId }) }),
  })

const UpsertServiceResultType = builder.unionType('UpsertServiceResult', {
  types: [ServiceUpsertedType, ValidationErrorType, NotFoundErrorType, ConflictErrorType],
  resolveType: ({ __typename }) => __typename,
})

const UpsertServiceInputType = builder.inputType('UpsertServiceInput', {
  description:
    'Without `id` a new service. What is absent stays as it is, or takes its default in a new service.',
  fields: (t) => ({
    id: t.id(),
    nameFr: t.string({ required: true }),
    nameEn: t.string({ required: true }),
    descriptionFr: t.string(),
    descriptionEn: t.string(),
    duration: t.field({ type: 'Duration', required: true }),
    step: t.field({ type: 'Duration' }),
    capacity: t.int(),
    location: t.field({ type: LocationKindType }),
    bufferBefore: t.field({ type: 'Duration' }),
    bufferAfter: t.field({ type: 'Duration' }),
    minimumNotice: t.field({ type: 'Duration' }),
    horizon: t.field({ type: 'Duration' }),
    cancelNotice: t.field({ type: 'Duration' }),
    archived: t.boolean(),
  }),
})

type Upsert = {
  coachId: string
  serviceId: string | null
  input: ServiceInput
  archived: boolean | null
  now: Date
}

/** Archiving again leaves the instant at which it was first done. */
const archivedAtOf = ({ archived, now }: Upsert, before: Date | null) =>
  (archived ?? before !== null) ? (before ?? now) : null

async function change(sql: Sql, id: string, asked: Upsert) {
  const { coachId, input } = asked
  const [current] = await servicesByIds(sql, [id])
  if (current?.coachId !== coachId) return null
  const archivedAt = archivedAtOf(asked, current.archivedAt)
  return updateService(sql, { id, coachId, terms: termsFrom(input, current), archivedAt })
}

async function add(sql: Sql, asked: Upsert) {
  const { coachId, input, now } = asked
  if ((await countServices(sql, coachId)) >= servicesMax) return null
  const terms = termsFrom(input, null)
  const archivedAt = archivedAtOf(asked, null)
  return insertService(sql, { coachId, terms, archivedAt, createdAt: now })
}

const refused = ({ serviceId }: Upsert) =>
  serviceId
    ? userError('NotFoundError', 'You have no such service.', ['id'])
    : userError('ConflictError', `You keep at most ${servicesMax} services. Change one instead.`)

async function upsert(sql: Sql, asked: Upsert) {
  const { coachId, serviceId } = asked
  await insertCalendar(sql, coachId)
  // Nobody holds a slot under terms that are changing.
  await lineUp(sql, { coachId })
  const service = await (serviceId ? change(sql, serviceId, asked) : add(sql, asked))
  if (!service) return refused(asked)
  await emit(sql, {
    topic: 'bookings.service-changed',
    entityId: service.id,
    payload: {
      serviceId: service.id,
      coachId,
      name: service.name,
      archived: service.archivedAt !== null,
      version: service.version,
    },
  })
  return { __typename: 'ServiceUpserted' as const, serviceId: service.id }
}

builder.mutationField('upsertService', (t) =>
  t.field({
    ...requires(['coach']),
    type: UpsertServiceResultType,
    args: { input: t.arg({ type: UpsertServiceInputType, required: true }) },
    resolve: async (_, { input: { id, archived, ...input } }, context) => {
      const coachId = ownCoachId(context.viewer)
      if (!coachId) throw new AppError('FORBIDDEN', 'Only a coach offers services.')
      const fault = serviceFault(input)
      if (fault) return fault
      const serviceId = id == null ? null : fromGlobalId('Service', id)
      if (id != null && !serviceId)
        return userError('NotFoundError', 'You have no such service.', ['id'])
      const now = context.now()
      const result = await context.db.write((sql) =>
        upsert(sql, { coachId, serviceId, input, archived: archived ?? null, now }),
      )
      if (result.__typename === 'ServiceUpserted') {
        ServiceType.getDataloader(context).clear(result.serviceId)
      }
      return result
    },
  }),
)
