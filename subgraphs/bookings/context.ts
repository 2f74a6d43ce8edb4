import DataLoader from 'dataloader'
import type { SubgraphContext } from '#kit/builder'
import type { Page } from '#kit/connection'
import type { Live } from '#kit/live'
import { loadBy, loadListBy } from '#kit/loader'
import { type AvailabilityRow, availabilitiesOf } from './availability/queries.ts'
import {
  type BookingList,
  type BookingRow,
  bookingsOfPeople,
  countBookingsOfPeople,
  type Side,
} from './booking/queries.ts'
import { type ServiceRow, servicesOfCoaches } from './service/queries.ts'
import { type FirstStarts, firstStartsOf } from './slot/offers.ts'
import type { SlotTokens } from './slot/token.ts'

/** What the room needs from outside, and its limits. */
export type Ports = {
  readonly slotTokens: SlotTokens
  /** Changes of bookings as they happen. */
  readonly live: Live
  readonly holdMs: number
  readonly holdsPerClientMax: number
}

/** What a resolver of this room may use. */
export type Context = SubgraphContext &
  Ports & {
    /** The one instant at which everything that this request reads is true. */
    readonly askedAt: Date
  } & ReturnType<typeof loadersOf>

/** One loader for each set of arguments that a request uses: a list with the same arguments is one batch. */
function perArguments<Arguments, Loader>(make: (args: Arguments) => Loader) {
  const made = new Map<string, Loader>()
  return (args: Arguments): Loader => {
    const key = JSON.stringify(args)
    const loader = made.get(key) ?? make(args)
    made.set(key, loader)
    return loader
  }
}

type PersonsList = Pick<BookingList, 'filter'> & { side: Side }

const countLoader = ({ db }: SubgraphContext, list: PersonsList) =>
  new DataLoader<string, number>(async (personIds) => {
    const rows = await db.read((sql) => countBookingsOfPeople(sql, { ...list, personIds }))
    const counts = new Map(rows.map(({ personId, count }) => [personId, count]))
    return personIds.map((id) => counts.get(id) ?? 0)
  })

const loadersOf = (base: SubgraphContext, askedAt: Date) => ({
  availabilityOf: loadBy(
    ({ coachId }: AvailabilityRow) => coachId,
    (coachIds) => base.db.read((sql) => availabilitiesOf(sql, coachIds)),
  ),
  firstStartsOf: loadBy(
    ({ coachId }: FirstStarts) => coachId,
    (coachIds) => base.db.read((sql) => firstStartsOf(sql, coachIds, askedAt)),
  ),
  servicesOfCoach: perArguments((page: Page) =>
    loadListBy(
      ({ coachId }: ServiceRow) => coachId,
      (coachIds) => base.db.read((sql) => servicesOfCoaches(sql, page, coachIds)),
    ),
  ),
  bookingsOfPerson: perArguments((list: BookingList & { side: Side }) =>
    loadListBy(
      ({ personId }: BookingRow & { personId: string }) => personId,
      (personIds) => base.db.read((sql) => bookingsOfPeople(sql, { ...list, personIds })),
    ),
  ),
  bookingCountOfPerson: perArguments((list: PersonsList) => countLoader(base, list)),
})

/** One context a request: loaders cache nothing beyond it. */
export function contextOf(base: SubgraphContext, ports: Ports): Context {
  const askedAt = base.now()
  return { ...base, ...ports, askedAt, ...loadersOf(base, askedAt) }
}
