import { requires } from '#kit/builder'
import { AppError } from '#kit/errors'
import { fromGlobalId } from '#kit/id'
import type { Money } from '#kit/money'
import { emit } from '#kit/outbox'
import type { Sql } from '#kit/postgres'
import { type UserError, userError } from '#kit/user-error'
import { arrived } from '../arrived.ts'
import { builder, NotFoundErrorType, ValidationErrorType } from '../builder.ts'
import { knowsService, lockOwnService } from '../service/queries.ts'
import { ServiceType } from '../service/type.ts'
import { ownCoachId } from './policy.ts'
import { insertPrice, pricesOf } from './queries.ts'
import { priceFault } from './rules.ts'

type Priced = { __typename: 'ServicePriced'; serviceId: string }
type Answer = Priced | UserError<'NotFoundError'>

const ServicePricedType = builder.objectRef<Priced>('ServicePriced').implement({
  fields: (t) => ({
    service: t.field({ type: ServiceType, resolve: ({ serviceId }) => ({ id: serviceId }) }),
  }),
})

const SetServicePriceResultType = builder.unionType('SetServicePriceResult', {
  types: [ServicePricedType, ValidationErrorType, NotFoundErrorType],
  resolveType: ({ __typename }) => __typename,
})

const SetServicePriceInputType = builder.inputType('SetServicePriceInput', {
  fields: (t) => ({
    serviceId: t.id({ required: true }),
    amount: t.field({ type: 'MinorUnits', required: true, description: 'For one seat; 0: free.' }),
    currency: t.string({ defaultValue: 'EUR' }),
  }),
})

const noSuchService = () => userError('NotFoundError', 'You have no such service.', ['serviceId'])

type Wish = { serviceId: string; coachId: string; price: Money; now: Date }

/** The same price again changes nothing and tells of nothing. */
async function setPrice(sql: Sql, { serviceId, coachId, price, now }: Wish): Promise<Answer> {
  const isOwn = await lockOwnService(sql, { id: serviceId, coachId })
  if (!isOwn) return noSuchService()
  const [current] = await pricesOf(sql, [serviceId])
  const before = current ?? { amount: 0, currency: price.currency, version: 0 }
  if (before.amount !== price.amount || before.currency !== price.currency) {
    const row = { serviceId, ...price, version: before.version + 1 }
    await insertPrice(sql, { ...row, setBy: coachId, createdAt: now })
    await emit(sql, { topic: 'billing.price-changed', entityId: serviceId, payload: row })
  }
  return { __typename: 'ServicePriced', serviceId }
}

builder.mutationField('setServicePrice', (t) =>
  t.field({
    ...requires(['coach']),
    type: SetServicePriceResultType,
    description:
      'What one seat costs from now on. Slots that are held keep the price of their hold.',
    args: { input: t.arg({ type: SetServicePriceInputType, required: true }) },
    resolve: async (_, { input }, { viewer, db, now, bookingWaitMs, priceOf }) => {
      const coachId = ownCoachId(viewer)
      if (!coachId) throw new AppError('FORBIDDEN', 'Only a coach sets prices.')
      const price = { amount: input.amount, currency: input.currency ?? 'EUR' }
      const fault = priceFault(price)
      if (fault) return fault
      const serviceId = fromGlobalId('Service', input.serviceId)
      if (!serviceId) return noSuchService()
      // A service that was just made is told of a moment later.
      await arrived(() => db.read((sql) => knowsService(sql, serviceId)), bookingWaitMs)
      const wish = { serviceId, coachId, price, now: now() }
      const answer = await db.write((sql) => setPrice(sql, wish))
      priceOf.clear(serviceId)
      return answer
    },
  }),
)
