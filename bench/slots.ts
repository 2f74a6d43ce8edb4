import { offerSessions, slotsOf } from '../stack/testing/coach.ts'
import { testSystem } from '../stack/testing/system.ts'
import { shareOf, tableOf } from './table.ts'

const days = 60
const busyRanges = 5_000
const questions = 60

/** A question for the free time of sixty days of a coach who is busy all the time. */
export async function slots(): Promise<string> {
  const system = await testSystem()
  try {
    const coach = await system.person('Léa Martin', ['COACH'])
    const { serviceId } = await offerSessions(coach, { slug: 'lea-martin' })
    const sql = system.db.connectAdmin()
    await sql`
      insert into bookings.session
        (coach_id, service_id, during, busy, time_zone, capacity, seats_taken, status)
      select coach_id, id, span, span, 'Europe/Paris', 1, 1, 'CONFIRMED'
      from bookings.service
      cross join generate_series(0, ${busyRanges - 1}) as n
      cross join lateral (
        select tstzrange(at, at + interval '10 minutes') as span
        from (select date_trunc('hour', now()) + n * interval '15 minutes' as at) as start
      ) as ranges`
    const person = await system.admin()
    const times: number[] = []
    for (let round = 0; round < questions; round += 1) {
      const startedAt = performance.now()
      await slotsOf(person, serviceId, days)
      times.push(performance.now() - startedAt)
    }
    times.sort((one, other) => one - other)
    const what = `${days} days, ${busyRanges} busy ranges (goal p95 50 ms)`
    return tableOf(
      ['slots, through the gateway', 'p50 ms', 'p95 ms'],
      [[what, shareOf(times, 0.5), shareOf(times, 0.95)]],
    )
  } finally {
    await system.stop()
  }
}
