import { pageArguments, requires } from '#kit/builder'
import { connectionOf, type Page, type PageArguments, pageFrom } from '#kit/connection'
import { AppError } from '#kit/errors'
import { fromGlobalId } from '#kit/id'
import { scalarRows } from '#kit/scalars'
import { builder } from '../builder.ts'
import { CoachType } from '../coach/type.ts'
import type { Context } from '../context.ts'
import {
  type BookingFilter,
  type BookingRow,
  bookingsPage,
  countBookings,
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
    fields: (t) => ({
      totalCount: t.int({ nullable: true, resolve: ({ count }) => count?.() ?? null }),
    }),
  },
  { name: 'BookingEdge' },
)

type GivenFilter = typeof BookingFilterType.$inferInput
type ListArguments = PageArguments & { filter?: GivenFilter | null | undefined }

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

const listed = (page: Page, rows: readonly BookingRow[]) =>
  connectionOf(page, rows, ({ startsAt, id }) => ({ key: startsAt.toISOString(), id }))

/** The bookings of one person as a coach or as a client; lists with the same arguments are one batch. */
export async function bookingsOf(
  { side, id }: { side: Side; id: string },
  args: ListArguments,
  { bookingsOfPerson, bookingCountOfPerson, askedAt }: Context,
) {
  const page = bookingPageFrom(args)
  const filter = filterFrom(args.filter ?? {}, askedAt)
  const rows = await bookingsOfPerson({ side, page, filter }).load(id)
  return { ...listed(page, rows), count: () => bookingCountOfPerson({ side, filter }).load(id) }
}

builder.queryField('bookings', (t) =>
  t.field({
    ...requires(['bookings:read'], ['bookings:admin']),
    type: BookingConnectionType,
    description: 'Bookings the caller may see, newest start first.',
    args: {
      first: t.arg.int(pageArguments.first),
      after: t.arg.string(pageArguments.after),
      filter: t.arg({ type: BookingFilterType }),
    },
    resolve: async (_, args, { db, askedAt }) => {
      const page = bookingPageFrom(args)
      const filter = filterFrom(args.filter ?? {}, askedAt)
      const rows = await db.read((sql) => bookingsPage(sql, page, filter))
      return { ...listed(page, rows), count: () => db.read((sql) => countBookings(sql, filter)) }
    },
  }),
)

builder.objectField(CoachType, 'bookings', (t) =>
  t.field({
    ...requires(['coach'], ['bookings:admin']),
    type: BookingConnectionType,
    description: "Bookings of the coach's sessions that the caller may see, newest start first.",
    args: {
      first: t.arg.int(pageArguments.first),
      after: t.arg.string(pageArguments.after),
      filter: t.arg({ type: BookingFilterType }),
    },
    resolve: ({ id }, args, context) => bookingsOf({ side: 'coach', id }, args, context),
  }),
)
