import { requires, seenBy } from '#kit/builder'
import { fromGlobalId, toGlobalId } from '#kit/id'
import { builder, NodeType } from '../builder.ts'
import { refundOf } from '../cancellation/rules.ts'
import { CancellationPolicyType, MoneyType, RefundPreviewType } from '../cancellation/type.ts'
import { CoachType } from '../coach/type.ts'
import type { Context } from '../context.ts'
import { ServiceType } from '../service/type.ts'
import { type BookingRow, bookingsByIds } from './queries.ts'
import { bookingStatuses, canCancelUntil, canRescheduleUntil, keptOf, statusAt } from './rules.ts'

/** People and programs of bookings; row-level security says which ones. A delegate holds what was named to them. */
export const reader = requires(['self'], ['bookings:read'], ['bookings:write'], ['bookings:admin'])

export const BookingStatusType = builder.enumType('BookingStatus', { values: bookingStatuses })

/** The client is a person whom `users` knows. */
const UserType = builder.objectRef<{ id: string }>('User').implement({
  fields: (t) => ({ id: t.id({ resolve: ({ id }) => toGlobalId('User', id) }) }),
})

builder.asEntity(UserType, {
  key: builder.keyDirective(builder.selection<{ id: string }>('id'), false),
  resolveReference: () => null,
})

export const BookingType = builder.loadableObjectRef<BookingRow, string>('Booking', {
  load: (ids: string[], { db }: Context) => db.read((sql) => bookingsByIds(sql, ids)),
  sort: (booking) => booking.id,
})

BookingType.implement({
  interfaces: [NodeType],
  fields: (t) => ({
    id: t.id({ ...seenBy.partners, resolve: ({ id }) => toGlobalId('Booking', id) }),
    reference: t.exposeString('reference', {
      ...seenBy.partners,
      description: 'Short code people read out, for example 7F3K29QX.',
    }),
    service: t.field({
      ...seenBy.partners,
      type: ServiceType,
      resolve: ({ serviceId }) => serviceId,
    }),
    coach: t.field({
      ...seenBy.partners,
      type: CoachType,
      resolve: ({ coachId }) => ({ id: coachId }),
    }),
    client: t.field({ type: UserType, resolve: ({ clientId }) => ({ id: clientId }) }),
    seats: t.exposeInt('seats', seenBy.partners),
    startsAt: t.expose('startsAt', { ...seenBy.partners, type: 'DateTime' }),
    endsAt: t.expose('endsAt', { ...seenBy.partners, type: 'DateTime' }),
    timeZone: t.expose('timeZone', {
      ...seenBy.partners,
      type: 'TimeZone',
      description: "The coach's zone, in which the session takes place.",
    }),
    status: t.field({
      ...seenBy.partners,
      type: BookingStatusType,
      description: 'A hold past its end reads EXPIRED.',
      resolve: (booking, _, { now }) => statusAt(booking, now()),
    }),
    holdExpiresAt: t.field({
      ...seenBy.partners,
      type: 'DateTime',
      nullable: true,
      description: 'When the hold ends, or ended. Null once the booking is more than a hold.',
      resolve: ({ status, holdExpiresAt }) =>
        status === 'HELD' || status === 'EXPIRED' ? holdExpiresAt : null,
    }),
    canCancelUntil: t.field({
      ...seenBy.partners,
      type: 'DateTime',
      nullable: true,
      description:
        'Until when the client may cancel. Null when the booking can no longer be cancelled by its client.',
      resolve: (booking, _, { now }) => canCancelUntil(booking, now()),
    }),
    canRescheduleUntil: t.field({
      ...seenBy.partners,
      type: 'DateTime',
      nullable: true,
      description:
        'Until when the client may move the booking, at most three times. Null when they can no longer.',
      resolve: (booking, _, { now }) => canRescheduleUntil(booking, now()),
    }),
    price: t.field({
      ...seenBy.partners,
      type: MoneyType,
      nullable: true,
      description: 'For all seats, as held; null when free.',
      resolve: ({ priceMinor: amount, currency }) =>
        amount !== null && currency !== null ? { amount, currency } : null,
    }),
    cancellationPolicy: t.field({
      ...seenBy.partners,
      type: CancellationPolicyType,
      description:
        'As it was when the slot was held. Moving late gives no more back than cancelling then would have.',
      resolve: (booking) => booking,
    }),
    refundPreview: t.field({
      ...seenBy.partners,
      type: RefundPreviewType,
      nullable: true,
      description:
        'What the client would get back by cancelling now; null when there is nothing to give back or it cannot be cancelled.',
      resolve: (booking, _, { now }) =>
        canCancelUntil(booking, now()) &&
        refundOf({ ...booking, kept: keptOf(booking) }, 'client', now()),
    }),
    createdAt: t.expose('createdAt', { ...seenBy.partners, type: 'DateTime' }),
    version: t.exposeInt('version', {
      ...seenBy.partners,
      description: 'Rises with every change; send it back as expectedVersion.',
    }),
  }),
})

async function bookingFrom(globalId: string, context: Context): Promise<BookingRow | null> {
  const id = fromGlobalId('Booking', globalId)
  return id ? BookingType.getDataloader(context).load(id) : null
}

builder.asEntity(BookingType, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, context) => bookingFrom(id, context),
})

builder.queryField('booking', (t) =>
  t.field({
    ...seenBy.partners,
    ...reader,
    type: BookingType,
    nullable: true,
    description: 'Null when the booking does not exist or may not be seen.',
    args: { id: t.arg.id({ required: true }) },
    resolve: (_, { id }, context) => bookingFrom(id, context),
  }),
)
