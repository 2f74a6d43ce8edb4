import { z } from 'zod'
import { requires, seenBy } from '#kit/builder'
import type { BusEvent } from '#kit/bus'
import { AppError } from '#kit/errors'
import { fromGlobalId } from '#kit/id'
import { createLive } from '#kit/live'
import type { Log } from '#kit/log'
import { builder } from '../builder.ts'
import type { Context } from '../context.ts'
import { changes, topicOf } from './events.ts'
import { mayFollowCalendar } from './policy.ts'
import { bookingsByIds } from './queries.ts'
import { BookingType, reader } from './type.ts'

const kinds = ['CURRENT', ...Object.values(changes)] as const

type BookingEvent = {
  readonly id: string
  readonly kind: (typeof kinds)[number]
  readonly at: Date
  readonly bookingId: string
}

const kindsByTopic = new Map(
  Object.entries(changes).map(([change, kind]) => [topicOf(change), kind]),
)

/** What live readers need of an event; it says more. */
const Told = z.object({ coachId: z.uuid(), version: z.int() })

const ofBooking = (id: string) => `booking ${id}`
const ofCoach = (id: string) => `coach ${id}`

/** Every change of a booking, for those who look at it and for its coach. */
export const liveBookings = (log: Log) =>
  createLive({
    log,
    topics: [...kindsByTopic.keys()],
    channelsOf: ({ entityId, payload }) => [
      ofBooking(entityId),
      ofCoach(Told.parse(payload).coachId),
    ],
  })

const eventFrom = ({ id, topic, at, entityId }: BusEvent): BookingEvent => ({
  id,
  kind: kindsByTopic.get(topic) ?? 'CURRENT',
  at,
  bookingId: entityId,
})

const BookingEventKindType = builder.enumType('BookingEventKind', {
  description:
    'CURRENT: the state at the beginning; a stream that is resumed begins with what was missed. PAYMENT: the money side changed.',
  values: kinds,
})

const BookingEventType = builder.objectRef<BookingEvent>('BookingEvent').implement({
  ...seenBy.partners,
  fields: (t) => ({
    id: t.exposeID('id'),
    kind: t.expose('kind', { type: BookingEventKindType }),
    at: t.expose('at', { type: 'DateTime' }),
    booking: t.field({
      type: BookingType,
      description: 'As it is when the event is sent.',
      resolve: ({ bookingId }) => bookingId,
    }),
  }),
})

async function bookingOf(id: string, { db }: Context) {
  const [booking] = await db.read((sql) => bookingsByIds(sql, [id]))
  if (booking) return booking
  throw new AppError('NOT_FOUND', 'There is no such booking.')
}

/**
 * Listens before it reads: what happens in between is heard, and what was read already is passed over,
 * also by a stream that goes on where this one broke off.
 */
async function* changesOf(id: string, context: Context): AsyncGenerator<BookingEvent> {
  const { following, live } = context
  const heard = live.listen(ofBooking(id), following)
  const version = following.after
    ? Number(following.after.mark)
    : (await bookingOf(id, context)).version
  if (!following.after) {
    following.remember(`${version}`)
    yield { id: `${id}.${version}`, kind: 'CURRENT', at: context.now(), bookingId: id }
  }
  for await (const event of heard) {
    const change = eventFrom(event)
    // The money side changes at billing too, and there the version says nothing.
    if (change.kind === 'PAYMENT' || Told.parse(event.payload).version > version) yield change
  }
}

builder.subscriptionField('bookingChanged', (t) =>
  t.field({
    ...reader,
    ...seenBy.partners,
    type: BookingEventType,
    description: 'The present state first (kind CURRENT), then one event for each change.',
    args: { bookingId: t.arg.id({ required: true }) },
    subscribe: async (_, { bookingId }, context) => {
      const { id } = await bookingOf(fromGlobalId('Booking', bookingId) ?? nobody, context)
      return changesOf(id, context)
    },
    resolve: (event) => event,
  }),
)

/** An id that is none of ours is answered like one of nothing. */
const nobody = '00000000-0000-0000-0000-000000000000'

async function* calendarOf(coachId: string, { live, following }: Context) {
  for await (const event of live.listen(ofCoach(coachId), following)) yield eventFrom(event)
}

builder.subscriptionField('coachCalendarChanged', (t) =>
  t.field({
    ...requires(['coach'], ['bookings:admin']),
    type: BookingEventType,
    description: "Each change of a booking of the coach's sessions: their own, or for support.",
    args: { coachId: t.arg.id({ required: true }) },
    subscribe: (_, { coachId }, context) => {
      const id = fromGlobalId('Coach', coachId)
      if (id && mayFollowCalendar(context.viewer, id)) return calendarOf(id, context)
      throw new AppError('FORBIDDEN', 'Only the coach follows their calendar.')
    },
    resolve: (event) => event,
  }),
)
