import { type Room, type SubgraphContext, seenBy } from './builder.ts'

/** An amount in minor units (cents) of an ISO 4217 currency. */
export type Money = { readonly amount: number; readonly currency: string }

/** The shared type `Money`, for a room whose builder has the scalar MinorUnits. */
export const moneyTypeOf = <Context extends SubgraphContext>(builder: Room<Context>['builder']) =>
  builder.objectRef<Money>('Money').implement({
    description: 'An amount of money, exact: minor units and an ISO 4217 currency.',
    shareable: true,
    ...seenBy.everybody,
    fields: (t) => ({
      amount: t.expose('amount', { type: 'MinorUnits' }),
      currency: t.exposeString('currency'),
    }),
  })
