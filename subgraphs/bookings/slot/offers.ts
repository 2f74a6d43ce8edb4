import type { Sql } from '#kit/postgres'
import { availabilitiesOf } from '../availability/queries.ts'
import { dayMs, type Hours, type Interval } from '../availability/windows.ts'
import { offeredServices, type ServiceRow } from '../service/queries.ts'
import { busySessions } from './queries.ts'
import { calendarOf, type Offer, offersIn, type Question } from './rules.ts'

const closed: Hours = { timeZone: 'UTC', rules: [], exceptions: [] }

type Asked = { readonly range: Interval; readonly seats: number; readonly now: Date }

/** The part of a range in which a service can be booked at all: nothing past its horizon is worth reading. */
const bookablePart = ({ start, end }: Interval, horizonDays: number, now: Date): Interval => {
  const from = Math.max(start, now.getTime())
  return {
    start: from,
    end: Math.max(from, Math.min(end, now.getTime() + horizonDays * dayMs + 1)),
  }
}

/** All that `verdictOf` and `offersIn` need for starts in the range: four statements. */
export async function questionFor(
  sql: Sql,
  terms: ServiceRow,
  { range, seats, now }: Asked,
): Promise<Question & { timeZone: string }> {
  const [[availability], sessions] = await Promise.all([
    availabilitiesOf(sql, [terms.coachId]),
    busySessions(sql, [terms.coachId], { range, now }),
  ])
  const hours = availability?.hours ?? closed
  const calendar = calendarOf(hours, sessions, range)
  return { terms, calendar, seats, now: now.getTime(), timeZone: hours.timeZone }
}

/** The bookable starts of the service in the range, earliest first, at most `limit`. */
export async function offersFor(
  sql: Sql,
  terms: ServiceRow,
  asked: Asked & { readonly limit: number },
): Promise<Offer[]> {
  const range = bookablePart(asked.range, terms.horizonDays, asked.now)
  const question = await questionFor(sql, terms, { ...asked, range })
  return offersIn(question, range).take(asked.limit).toArray()
}

/** The first starts are looked for in the near days, and in the rest of the horizon only where there are none. */
const nearMs = 14 * dayMs

/** The next bookable starts of a service from an instant on, at most `limit`. */
export async function nextOffers(
  sql: Sql,
  terms: ServiceRow,
  { from, limit, ...asked }: { from: Date; limit: number; seats: number; now: Date },
): Promise<Offer[]> {
  const start = from.getTime()
  const spans = [
    { start, end: start + nearMs },
    { start: start + nearMs, end: start + (terms.horizonDays + 1) * dayMs },
  ]
  const found: Offer[] = []
  for (const range of spans) {
    const missing = limit - found.length
    if (missing === 0) break
    found.push(...(await offersFor(sql, terms, { ...asked, range, limit: missing })))
  }
  return found
}

/** The earliest bookable start of each service of a coach; a service without one is not in it. */
export type FirstStarts = { readonly coachId: string; readonly starts: ReadonlyMap<string, number> }

type Coach = {
  readonly id: string
  readonly hours: Hours
  readonly services: readonly ServiceRow[]
}

async function firstStartsIn(sql: Sql, coaches: readonly Coach[], range: Interval, now: Date) {
  if (coaches.length === 0) return []
  const coachIds = coaches.map(({ id }) => id)
  const sessions = Map.groupBy(
    await busySessions(sql, coachIds, { range, now }),
    ({ coachId }) => coachId,
  )
  return coaches.flatMap(({ id, hours, services }) => {
    const calendar = calendarOf(hours, sessions.get(id) ?? [], range)
    return services.flatMap((terms) => {
      const question = { terms, calendar, seats: 1, now: now.getTime() }
      const first = offersIn(question, range).next().value
      return first ? [{ coachId: id, serviceId: terms.id, start: first.start }] : []
    })
  })
}

async function coachesWithHours(sql: Sql, coachIds: readonly string[]): Promise<Coach[]> {
  const [services, availabilities] = await Promise.all([
    offeredServices(sql, coachIds),
    availabilitiesOf(sql, coachIds),
  ])
  const servicesOf = Map.groupBy(services, ({ coachId }) => coachId)
  return availabilities
    .map(({ coachId, hours }) => ({ id: coachId, hours, services: servicesOf.get(coachId) ?? [] }))
    .filter(
      ({ services: own, hours }) =>
        own.length > 0 && hours.rules.length + hours.exceptions.length > 0,
    )
}

/** The first starts of any number of coaches, in at most six statements. */
export async function firstStartsOf(
  sql: Sql,
  coachIds: readonly string[],
  now: Date,
): Promise<FirstStarts[]> {
  const coaches = await coachesWithHours(sql, coachIds)
  const start = now.getTime()
  const near = await firstStartsIn(sql, coaches, { start, end: start + nearMs }, now)
  const settled = new Set(near.map(({ serviceId }) => serviceId))
  const rest = coaches
    .map((coach) => ({
      ...coach,
      services: coach.services.filter(
        ({ id, horizonDays }) => !settled.has(id) && horizonDays * dayMs > nearMs,
      ),
    }))
    .filter(({ services }) => services.length > 0)
  const horizonDays = Math.max(
    0,
    ...rest.flatMap(({ services }) => services.map((it) => it.horizonDays)),
  )
  const beyond = { start: start + nearMs, end: start + horizonDays * dayMs + 1 }
  const far = await firstStartsIn(sql, rest, beyond, now)
  const starts = Map.groupBy([...near, ...far], ({ coachId }) => coachId)
  return coachIds.map((coachId) => ({
    coachId,
    starts: new Map((starts.get(coachId) ?? []).map((it) => [it.serviceId, it.start])),
  }))
}
