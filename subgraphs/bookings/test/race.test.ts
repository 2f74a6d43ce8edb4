import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { fromGlobalId } from '#kit/id'
import { database, type Pool } from '#kit/postgres'
import { viewerWith } from '../../../stack/testing/subgraph.ts'
import { referenceFrom } from '../booking/rules.ts'
import { Harness, type Held, key, today, tomorrowAtNine } from './harness.ts'

let it: Harness
beforeAll(async () => {
  it = await Harness.start()
  // The crowds meet an open pool: what is tested is the race for a slot, not the one for connections.
  await Promise.all(Array.from({ length: 10 }, () => it.coachWithService()))
}, 30_000)
afterAll(() => it.stop())
beforeEach(() => it.setClock(today))

const crowd = (size: number) => Array.from({ length: size }, () => viewerWith(['CLIENT']))
const kindsOf = (answers: readonly Held[]) =>
  Object.fromEntries(
    Map.groupBy(answers, ({ __typename }) => __typename)
      .entries()
      .map(([kind, all]) => [kind, all.length]),
  )

const seatsTaken = async (serviceId: string) => {
  const [row] = await it.admin<{ sessions: number; seats: number }[]>`
    select count(*)::int as sessions, sum(seats_taken)::int as seats
    from bookings.session
    where service_id = ${fromGlobalId('Service', serviceId)} and status in ('HELD', 'CONFIRMED')`
  return row
}

describe('forty people hold one slot at once', () => {
  test('one wins, thirty-nine are told so with the next times to choose', async () => {
    const { serviceId } = await it.coachWithService()
    const { token } = await it.slotAt(serviceId, tomorrowAtNine)
    const answers = await Promise.all(crowd(40).map((viewer) => it.hold(viewer, token)))
    expect(kindsOf(answers)).toEqual({ SlotHeld: 1, SlotTakenError: 39 })
    for (const { alternatives, code } of answers.filter((it) => it.alternatives)) {
      expect(code).toBe('SLOT_TAKEN')
      expect(alternatives).toHaveLength(6)
      expect(alternatives?.[0]?.start).toBe('2027-06-08T08:00:00.000Z')
    }
    expect(await seatsTaken(serviceId)).toEqual({ sessions: 1, seats: 1 })
    const [loser] = answers.flatMap(({ alternatives }) => alternatives ?? [])
    expect((await it.hold(viewerWith(['CLIENT']), loser?.token ?? '')).__typename).toBe('SlotHeld')
  }, 30_000)

  test('a session for three takes exactly three', async () => {
    const { serviceId } = await it.coachWithService({ capacity: 3 })
    const { token } = await it.slotAt(serviceId, tomorrowAtNine)
    const answers = await Promise.all(crowd(40).map((viewer) => it.hold(viewer, token)))
    expect(kindsOf(answers)).toEqual({ SlotHeld: 3, SlotTakenError: 37 })
    expect(await seatsTaken(serviceId)).toEqual({ sessions: 1, seats: 3 })
  }, 30_000)

  test('a hold that expires in the middle gives way to exactly one of them', async () => {
    const { serviceId } = await it.coachWithService()
    const { token } = await it.slotAt(serviceId, tomorrowAtNine)
    const { client, booking } = await it.held(serviceId)
    it.setClock('2027-06-07T06:09:59.999Z')
    const early = crowd(20).map((viewer) => it.hold(viewer, token))
    // From here on the first hold is over: requests that are still under way may see either side of its end.
    it.setClock('2027-06-07T06:10:00.000Z')
    const late = crowd(20).map((viewer) => it.hold(viewer, token))
    const answers = await Promise.all([...early, ...late])
    expect(kindsOf(answers)).toEqual({ SlotHeld: 1, SlotTakenError: 39 })
    expect(await seatsTaken(serviceId)).toEqual({ sessions: 1, seats: 1 })
    expect((await it.confirm(client, booking.id)).__typename).toBe('HoldExpiredError')
  }, 30_000)

  test('an expired hold in a session for three leaves room for exactly one more', async () => {
    const { serviceId } = await it.coachWithService({ capacity: 3 })
    const { token } = await it.slotAt(serviceId, tomorrowAtNine)
    await it.booked(serviceId)
    await it.booked(serviceId)
    await it.held(serviceId)
    it.pass(10)
    const answers = await Promise.all(crowd(40).map((viewer) => it.hold(viewer, token)))
    expect(kindsOf(answers)).toEqual({ SlotHeld: 1, SlotTakenError: 39 })
    expect(await seatsTaken(serviceId)).toEqual({ sessions: 1, seats: 3 })
  }, 30_000)
})

describe('one person at once', () => {
  test('with one key gets one hold, however often it is sent', async () => {
    const { serviceId } = await it.coachWithService()
    const { token } = await it.slotAt(serviceId, tomorrowAtNine)
    const client = viewerWith(['CLIENT'])
    const idempotencyKey = key()
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => it.hold(client, token, { idempotencyKey })),
    )
    expect(new Set(answers.map(({ booking }) => booking?.id)).size).toBe(1)
  })

  test('holds one of ten coaches at the same hour, never two', async () => {
    const coaches = await Promise.all(Array.from({ length: 10 }, () => it.coachWithService()))
    const tokens = await Promise.all(
      coaches.map(async ({ serviceId }) => (await it.slotAt(serviceId, tomorrowAtNine)).token),
    )
    const client = viewerWith(['CLIENT'])
    const answers = await Promise.all(tokens.map((token) => it.hold(client, token)))
    expect(kindsOf(answers)).toEqual({ SlotHeld: 1, ValidationError: 9 })
  }, 30_000)

  test('never gets past the limit of live holds', async () => {
    const { serviceId } = await it.coachWithService({ step: 'PT1H' })
    const client = viewerWith(['CLIENT'])
    const slots = await it.slots(serviceId)
    const answers = await Promise.all(slots.map(({ token }) => it.hold(client, token)))
    expect(slots).toHaveLength(8)
    expect(kindsOf(answers)).toEqual({ SlotHeld: 3, OutsidePolicyError: 5 })
  })
})

describe('many coaches and clients crosswise', () => {
  test('end without a deadlock reaching anybody', async () => {
    const coaches = await Promise.all(Array.from({ length: 4 }, () => it.coachWithService()))
    const clients = crowd(6)
    const offers = await Promise.all(coaches.map(({ serviceId }) => it.slots(serviceId)))
    const wishes = clients.flatMap((client, index) =>
      offers.flatMap((slots) =>
        slots.slice(index, index + 4).map(({ token }) => ({ client, token })),
      ),
    )
    const answers = await Promise.all(wishes.map(({ client, token }) => it.hold(client, token)))
    const expected = new Set([
      'SlotHeld',
      'SlotTakenError',
      'ValidationError',
      'OutsidePolicyError',
    ])
    expect(answers.every(({ __typename }) => expected.has(__typename))).toBe(true)
    const overlaps = await it.admin`
      select 1
      from bookings.booking a
      join bookings.booking b on a.id < b.id and a.during && b.during
        and a.session_id <> b.session_id
        and (a.client_id = b.client_id or a.coach_id = b.coach_id)
      where a.status = 'HELD' and b.status = 'HELD'`
    expect(overlaps).toHaveLength(0)
  }, 30_000)

  test('cancelling and holding the freed seats at once never overfills the session', async () => {
    const { serviceId } = await it.coachWithService({ capacity: 3 })
    const { token } = await it.slotAt(serviceId, tomorrowAtNine)
    const booked = [
      await it.booked(serviceId),
      await it.booked(serviceId),
      await it.booked(serviceId),
    ]
    const [cancelled, holds] = await Promise.all([
      Promise.all(booked.map(({ client, booking }) => it.cancel(client, booking.id))),
      Promise.all(crowd(12).map((viewer) => it.hold(viewer, token))),
    ])
    expect(cancelled.every(({ __typename }) => __typename === 'BookingCancelled')).toBe(true)
    expect(kindsOf(holds).SlotHeld ?? 0).toBeLessThanOrEqual(3)
    const left = await seatsTaken(serviceId)
    expect(left?.seats ?? 0).toBe(kindsOf(holds).SlotHeld ?? 0)
  }, 30_000)
})

describe('the database decides without any help of the code', () => {
  /** Writes straight to the tables, as a version of the code would that forgot to line up and to look. */
  async function forced(
    sql: Pool,
    during: string,
    change: { seats?: number; clientId?: string } = {},
  ) {
    const clientId = change.clientId ?? crypto.randomUUID()
    const { serviceId, coach, session } = await place()
    const db = database(sql, { userId: clientId, scopes: new Set() })
    return db.write(async (tx) => {
      const sessionId =
        session ??
        (
          await tx<{ id: string }[]>`
            insert into session (coach_id, service_id, during, busy, time_zone, capacity, status, hold_expires_at)
            values (${coach}, ${serviceId}, ${during}, ${during}, 'UTC', 3, 'HELD', '2099-01-01')
            returning id`
        )[0]?.id
      await tx`
        insert into booking (
          reference, session_id, coach_id, service_id, during, client_id, seats, status,
          hold_expires_at, cancel_notice_minutes, created_at
        )
        select ${referenceFrom(randomBytes(8))}, id, coach_id, service_id, during, ${clientId},
          ${change.seats ?? 1}, 'HELD', '2099-01-01', 0, '2027-01-01'
        from session where id = ${sessionId ?? null}`
      return sessionId
    })
  }
  let place: () => Promise<{ serviceId: string; coach: string; session?: string }>

  const nine = '[2027-07-01 09:00Z,2027-07-01 10:00Z)'
  const halfPast = '[2027-07-01 09:30Z,2027-07-01 10:30Z)'
  const constraintOf = (promise: Promise<unknown>) =>
    promise.then(
      () => null,
      (error: unknown) => Object(error).constraint_name,
    )

  test('a coach is not twice, a client is not twice, seats are not more than there are', async () => {
    const sql = it.db.connect('bookings')
    const [one, two] = [await it.coachWithService(), await it.coachWithService()]
    const at = (coach: typeof one, session?: string) => async () => ({
      serviceId: fromGlobalId('Service', coach.serviceId) ?? '',
      coach: coach.coach.id,
      ...(session && { session }),
    })
    place = at(one)
    const clientId = crypto.randomUUID()
    const session = await forced(sql, nine, { clientId })
    expect(await constraintOf(forced(sql, halfPast))).toBe('coach_not_twice')
    place = at(two)
    expect(await constraintOf(forced(sql, halfPast, { clientId }))).toBe('client_not_twice')
    place = at(one, session)
    expect(await constraintOf(forced(sql, nine, { seats: 3 }))).toBe('seats_in_capacity')
    expect(await constraintOf(forced(sql, nine, { seats: 2 }))).toBeNull()
  })

  test('twenty transactions that force one slot at once leave one session', async () => {
    const sql = it.db.connect('bookings')
    const coach = await it.coachWithService()
    place = async () => ({
      serviceId: fromGlobalId('Service', coach.serviceId) ?? '',
      coach: coach.coach.id,
    })
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => forced(sql, nine)))
    // Waiting for each other, all of them may have lost; whoever comes then has the slot for itself.
    if (results.every(({ status }) => status === 'rejected')) await forced(sql, nine)
    else expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await seatsTaken(coach.serviceId)).toEqual({ sessions: 1, seats: 1 })
  })

  test('negative control: without the constraint two sessions do overlap', async () => {
    await it.admin`create table bookings.unguarded as select * from bookings.session limit 0`
    await it.admin`
      insert into bookings.unguarded (coach_id, service_id, during, busy, time_zone, capacity, seats_taken, status)
      select gen_random_uuid(), gen_random_uuid(), span, span, 'UTC', 1, 1, 'CONFIRMED'
      from (values (${nine}::tstzrange), (${halfPast}::tstzrange)) as two (span)`
    const overlaps = await it.admin`
      select 1 from bookings.unguarded a join bookings.unguarded b on a.during < b.during and a.busy && b.busy`
    expect(overlaps).toHaveLength(1)
  })
})
