import { seenBy } from '#kit/builder'
import { fromGlobalId, toGlobalId } from '#kit/id'
import { builder, MoneyType } from '../builder.ts'
import { isFree } from '../price/rules.ts'

/** A service is what bookings says it is; here it is what has a price. */
export const ServiceType = builder.objectRef<{ id: string }>('Service').implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => toGlobalId('Service', id) }),
    price: t.field({
      ...seenBy.everybody,
      type: MoneyType,
      nullable: true,
      description: 'For one seat. Null: free.',
      resolve: async ({ id }, _, { priceOf }) => {
        const price = await priceOf.load(id)
        return price && !isFree(price) ? price : null
      },
    }),
  }),
})

builder.asEntity(ServiceType, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: (reference) => {
    const id = fromGlobalId('Service', reference.id)
    return id ? { id } : null
  },
})
