import { pageArguments, paged, requires, seenBy } from '#kit/builder'
import { connectionOf, type Page, type PageArguments, pageFrom } from '#kit/connection'
import { AppError } from '#kit/errors'
import { fromGlobalId } from '#kit/id'
import { scalarRows } from '#kit/scalars'
import { builder } from '../builder.ts'
import { CoachType } from '../coach/type.ts'
import type { Context } from '../context.ts'
import { idOfCaller, maySeeAll } from './policy.ts'
import {
  type BookingFilter,
  type BookingList,
  type BookingOrder,
  type BookingRow,
  bookingsPage,
  countBookings,
  countOwnBookings,
  ownBookingsPage,
  type Side,
} from './queries.ts'
import { BookingStatusType, BookingType } from './type.ts'

export const BookingFilterType = builder.inputType('BookingFilter', {
  description: 'All given parts must hold; `from` and `to` bound the time that a booking touches.',
  fields: (t) => ({
    status: t.field({ type: [BookingStatusType] }),
    from: t.field({ type: 'DateTime' }),
    to: t.field({ type: 'DateTime' }),
    serviceId: t.id(),
  }),
})

export const BookingConnectionType = builder.connectionObject(
  {
    type: BookingType,
    name: 'BookingConnection',
    ...seenBy.partners,
    fields: (t) => ({
      totalCount: t.int({ nullable: true, resolve: ({ count }) => count?.() ?? null }),
    }),
  },
  { name: 'BookingEdge', ...seenBy.partners },
)

const BookingOrderType = builder.enumType('BookingOrder', {
  values: {
    NEWEST_FIRST: { description: 'The latest start first.' },
    NEAREST_FIRST: {
      description:
        'The earliest start first: with a filter `from` now, the next booking is on the first page.',
    },
  } satisfies Record<BookingOrder, unknown>,
})

/** What every list of bookings takes. */
export const bookingArguments = builder.args((t) => ({
  first: t.int(pageArguments.first),
  after: t.string(pageArguments.after),
  filter: t.field({ type: BookingFilterType }),
  order: t.field({ type: BookingOrderType, defaultValue: 'NEWEST_FIRST' }),
}))

type GivenFilter = typeof BookingFilterType.$inferInput
type ListArguments = PageArguments & {
  filter?: GivenFilter | null | undefined
  order?: BookingOrder | null | undefined
}

/** Matches nothing: an id that is none of ours is an id of no service. */
const noService = '00000000-0000-0000-0000-000000000000'

const filterFrom = (given: GivenFilter, now: Date): BookingFilter => ({
  status: given.status ?? null,
  from: given.from ?? null,
  to: given.to ?? null,
  serviceId:
    given.serviceId == null ? null : (fromGlobalId('Service', given.serviceId) ?? noService),
  now,
})

function bookingPageFrom(args: PageArguments): Page {
  const page = pageFrom(args)
  if (page.after === null || scalarRows.DateTime.parse(page.after.key)) return page
  throw new AppError('BAD_USER_INPUT', '`after` is a cursor of another list.')
}

const listFrom = (args: ListArguments, askedAt: Date): BookingList => ({
  page: bookingPageFrom(args),
  filter: filterFrom(args.filter ?? {}, askedAt),
  order: args.order ?? 'NEWEST_FIRST',
})

const listed = (page: Page, rows: readonly BookingRow[]) =>
  connectionOf(page, rows, ({ startsAt, id }) => ({ key: startsAt.toISOString(), id }))

/** The bookings of one person as a coach or as a client; lists with the same arguments are one batch. */
export async function bookingsOf(
  { side, id }: { side: Side; id: string },
  args: ListArguments,
  { bookingsOfPerson, bookingCountOfPerson, askedAt }: Context,
) {
  const { page, filter, order } = listFrom(args, askedAt)
  const rows = await bookingsOfPerson({ side, page, filter, order }).load(id)
  return { ...listed(page, rows), count: () => bookingCountOfPerson({ side, filter }).load(id) }
}

builder.queryField('bookings', (t) =>
  t.field({
    ...seenBy.partners,
    ...requires(['bookings:read'], ['bookings:admin']),
    ...paged,
    type: BookingConnectionType,
    description: 'Bookings the caller may see.',
    args: bookingArguments,
    resolve: async (_, args, { db, askedAt, viewer }) => {
      const list = listFrom(args, askedAt)
      const { page, filter } = list
      if (maySeeAll(viewer)) {
        const rows = await db.read((sql) => bookingsPage(sql, list))
        return { ...listed(page, rows), count: () => db.read((sql) => countBookings(sql, filter)) }
      }
      const personId = idOfCaller(viewer)
      const rows = await db.read((sql) => ownBookingsPage(sql, list, personId))
      const count = () => db.read((sql) => countOwnBookings(sql, filter, personId))
      return { ...listed(page, rows), count }
    },
  }),
)

builder.objectField(CoachType, 'bookings', (t) =>
  t.field({
    ...requires(['coach'], ['bookings:admin']),
    ...paged,
    type: BookingConnectionType,
    description: "Bookings of the coach's sessions that the caller may see.",
    args: bookingArguments,
    resolve: ({ id }, args, context) => bookingsOf({ side: 'coach', id }, args, context),
  }),
)
