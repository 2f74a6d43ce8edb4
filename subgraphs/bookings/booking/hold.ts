import { requires, seenBy } from '#kit/builder'
import { once } from '#kit/idempotency'
import { userError } from '#kit/user-error'
import { builder, UserErrorType, ValidationErrorType } from '../builder.ts'
import type { Context } from '../context.ts'
import { ServiceType } from '../service/type.ts'
import { nextOffers } from '../slot/offers.ts'
import { SlotType } from '../slot/type.ts'
import { type HoldAnswer, keepSlot, type SlotHeld } from './keep.ts'
import { notOffered, refusalFrom, type SlotTaken } from './offer.ts'
import { idOfCaller } from './policy.ts'
import { idempotencyKey, OutsidePolicyErrorType } from './results.ts'
import { withRetry } from './retry.ts'
import { seatsMax } from './rules.ts'
import { BookingType } from './type.ts'

const SlotHeldType = builder.objectRef<SlotHeld>('SlotHeld').implement({
  ...seenBy.partners,
  fields: (t) => ({
    booking: t.field({ type: BookingType, resolve: ({ bookingId }) => bookingId }),
    expiresAt: t.field({ type: 'DateTime', resolve: ({ expiresAt }) => new Date(expiresAt) }),
  }),
})

const alternativesMax = 6

/** The next starts with as many seats, as they are now: a repeated call gets fresh ones. */
async function alternativesTo({ serviceId, startsAt, seats }: SlotTaken, context: Context) {
  const service = await ServiceType.getDataloader(context).load(serviceId)
  if (service.archivedAt) return []
  const [offers, availability] = await Promise.all([
    context.db.read((sql) =>
      nextOffers(sql, service, {
        from: new Date(startsAt),
        limit: alternativesMax,
        seats,
        now: context.now(),
      }),
    ),
    context.availabilityOf.load(service.coachId),
  ])
  const timeZone = availability?.timeZone ?? 'UTC'
  return offers.map((offer) => ({ offer, service, timeZone }))
}

export const SlotTakenErrorType = builder.objectRef<SlotTaken>('SlotTakenError').implement({
  ...seenBy.partners,
  description:
    'Somebody was faster. `alternatives` are the next bookable starts of the same service, at most six.',
  interfaces: [UserErrorType],
  fields: (t) => ({
    alternatives: t.field({
      type: [SlotType],
      resolve: (taken, _, context) => alternativesTo(taken, context),
    }),
  }),
})

const HoldSlotResultType = builder.unionType('HoldSlotResult', {
  types: [SlotHeldType, SlotTakenErrorType, OutsidePolicyErrorType, ValidationErrorType],
  resolveType: ({ __typename }) => __typename,
})

const HoldSlotInputType = builder.inputType('HoldSlotInput', {
  fields: (t) => ({
    idempotencyKey: t.string({ required: true, validate: idempotencyKey }),
    slotToken: t.string({ required: true }),
    seats: t.int({ defaultValue: 1 }),
  }),
})

type Input = { idempotencyKey: string; slotToken: string; seats: number }

async function hold(input: Input, clientId: string, context: Context): Promise<HoldAnswer> {
  const { slotToken, seats, idempotencyKey: key } = input
  const claim = context.slotTokens.read(slotToken, context.now())
  const wish = claim && { clientId, claim, seats }
  const identity = {
    principal: clientId,
    key,
    operation: 'holdSlot',
    request: { slotToken, seats },
  }
  const transaction = () =>
    context.db.write((sql) =>
      once<HoldAnswer>(sql, identity, async () =>
        wish ? keepSlot(sql, wish, context) : notOffered(),
      ),
    )
  return withRetry(transaction).catch((error: unknown) => {
    const refusal = wish && refusalFrom(error, wish)
    if (refusal) return refusal
    throw error
  })
}

builder.mutationField('holdSlot', (t) =>
  t.field({
    ...seenBy.partners,
    ...requires(['bookings:write']),
    type: HoldSlotResultType,
    description:
      'Reserves the slot for checkout (default 10 minutes). Never double books: the database refuses.',
    args: { input: t.arg({ type: HoldSlotInputType, required: true }) },
    resolve: async (_, { input }, context) => {
      const clientId = idOfCaller(context.viewer)
      const seats = input.seats ?? 1
      if (seats < 1 || seats > seatsMax) {
        return userError('ValidationError', `Hold 1 to ${seatsMax} seats.`, ['seats'])
      }
      return hold({ ...input, seats }, clientId, context)
    },
  }),
)
