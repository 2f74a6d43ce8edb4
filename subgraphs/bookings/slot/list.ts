import { open, seenBy } from '#kit/builder'
import { kept } from '#kit/cache-control'
import { fromGlobalId } from '#kit/id'
import { userError } from '#kit/user-error'
import { builder, NotFoundErrorType, ValidationErrorType } from '../builder.ts'
import { CoachType } from '../coach/type.ts'
import type { ServiceRow } from '../service/queries.ts'
import { serviceFrom } from '../service/type.ts'
import { offersFor } from './offers.ts'
import { localStartOf, type Offer, rangeFault } from './rules.ts'
import { SlotType } from './type.ts'

type Slots = {
  __typename: 'Slots'
  service: ServiceRow
  timeZone: string
  days: readonly Day[]
  computedAt: Date
}
type Day = { date: string; offers: readonly Offer[]; service: ServiceRow; timeZone: string }

const SlotDayType = builder.objectRef<Day>('SlotDay').implement({
  ...seenBy.everybody,
  fields: (t) => ({
    date: t.expose('date', { type: 'Date' }),
    slots: t.field({
      type: [SlotType],
      resolve: ({ offers, service, timeZone }) =>
        offers.map((offer) => ({ offer, service, timeZone })),
    }),
  }),
})

const SlotsType = builder.objectRef<Slots>('Slots').implement({
  ...seenBy.everybody,
  description: 'Days of the asked zone that have a bookable start, in order.',
  fields: (t) => ({
    timeZone: t.expose('timeZone', { type: 'TimeZone' }),
    days: t.field({ type: [SlotDayType], resolve: ({ days }) => [...days] }),
    computedAt: t.expose('computedAt', { type: 'DateTime' }),
  }),
})

const SlotsResultType = builder.unionType('SlotsResult', {
  types: [SlotsType, ValidationErrorType, NotFoundErrorType],
  resolveType: ({ __typename }) => __typename,
})

const SlotsInputType = builder.inputType('SlotsInput', {
  fields: (t) => ({
    serviceId: t.id({ required: true }),
    from: t.field({ type: 'DateTime', required: true }),
    to: t.field({ type: 'DateTime', required: true }),
    timeZone: t.field({ type: 'TimeZone', required: true }),
    seats: t.int({ defaultValue: 1 }),
  }),
})

/** Sixty-two days, twelve hours a day, a start every quarter of an hour fit in. */
const slotsMax = 3_000

const tooManySlots = () =>
  userError('ValidationError', `There are more than ${slotsMax} starts. Ask for fewer days.`, [
    'to',
  ])

const daysOf = (offers: readonly Offer[], service: ServiceRow, timeZone: string): Day[] =>
  [...Map.groupBy(offers, (offer) => localStartOf(offer, timeZone).slice(0, 10))].map(
    ([date, ofDay]) => ({ date, offers: ofDay, service, timeZone }),
  )

builder.queryField('slots', (t) =>
  t.field({
    ...open,
    ...kept(5),
    type: SlotsResultType,
    description:
      'Bookable starts for one service. The range is at most 62 days; right over a clock change, already net of bookings, buffers, notice and horizon.',
    args: { input: t.arg({ type: SlotsInputType, required: true }) },
    resolve: async (_, { input }, context) => {
      const { from, to, timeZone } = input
      const seats = input.seats ?? 1
      const fault = rangeFault({ from, to, seats })
      if (fault) return fault
      const service = await serviceFrom(input.serviceId, context)
      if (!service || service.archivedAt) {
        return userError('NotFoundError', 'There is no such service.', ['serviceId'])
      }
      const now = context.askedAt
      const range = { start: from.getTime(), end: to.getTime() }
      const limit = slotsMax + 1
      const offers = await context.db.read((sql) =>
        offersFor(sql, service, { range, seats, now, limit }),
      )
      if (offers.length > slotsMax) return tooManySlots()
      const days = daysOf(offers, service, timeZone)
      return { __typename: 'Slots' as const, service, timeZone, days, computedAt: now }
    },
  }),
)

builder.objectField(CoachType, 'nextFreeSlot', (t) =>
  t.field({
    ...seenBy.everybody,
    ...kept(5),
    type: 'DateTime',
    nullable: true,
    description:
      'The earliest bookable start over all services (or one), within their horizon. Null when there is none.',
    args: { serviceId: t.arg.id() },
    resolve: async ({ id }, { serviceId }, { firstStartsOf }) => {
      const found = await firstStartsOf.load(id)
      const starts = found?.starts ?? new Map<string, number>()
      if (serviceId != null) {
        const start = starts.get(fromGlobalId('Service', serviceId) ?? '')
        return start === undefined ? null : new Date(start)
      }
      return starts.size === 0 ? null : new Date(Math.min(...starts.values()))
    },
  }),
)
