import { requires } from '#kit/builder'
import { violatedConstraint } from '#kit/constraint'
import { once } from '#kit/idempotency'
import { type UserError, userError } from '#kit/user-error'
import { builder, UserErrorType, ValidationErrorType } from '../builder.ts'
import type { Context } from '../context.ts'
import { ServiceType } from '../service/type.ts'
import { nextOffers } from '../slot/offers.ts'
import { SlotType } from '../slot/type.ts'
import {
  clientBusy,
  type HoldAnswer,
  keepSlot,
  type SlotHeld,
  type SlotTaken,
  slotTaken,
  type Wish,
} from './keep.ts'
import { idOfCaller } from './policy.ts'
import { idempotencyKey, OutsidePolicyErrorType } from './results.ts'
import { withRetry } from './retry.ts'
import { seatsMax } from './rules.ts'
import { BookingType } from './type.ts'

const SlotHeldType = builder.objectRef<SlotHeld>('SlotHeld').implement({
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

const notOffered = (): UserError<'ValidationError'> =>
  userError(
    'ValidationError',
    'This offer is not valid, or not any more. Ask for slots again and hold one of them.',
    ['slotToken'],
  )

/** The constraints have the last word; what they refuse is the same answer as what the rules refuse. */
const refusals: Record<string, (wish: Wish) => HoldAnswer> = {
  coach_not_twice: (wish) => slotTaken(wish),
  seats_in_capacity: (wish) => slotTaken(wish),
  client_not_twice: clientBusy,
}

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
    const refuse = refusals[violatedConstraint(error) ?? '']
    if (!wish || !refuse) throw error
    return refuse(wish)
  })
}

builder.mutationField('holdSlot', (t) =>
  t.field({
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
