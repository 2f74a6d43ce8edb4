import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { fromGlobalId, toGlobalId } from '#kit/id'
import { viewerWith } from '../../../stack/testing/subgraph.ts'
import { Harness, today, type Viewer } from './harness.ts'

let it: Harness
let coach: Viewer
let serviceId: string
const client = viewerWith(['CLIENT'])

/** 200 coaches with 100 sessions each, one client a session: enough that reading it all would be felt. */
async function fill() {
  await it.admin.begin(async (sql) => {
    // Without triggers and foreign keys: rows as they would be, in a moment.
    await sql`set local session_replication_role = replica`
    await sql`
      insert into bookings.coach_calendar (coach_id)
      select gen_random_uuid() from generate_series(1, 200)`
    await sql`
      insert into bookings.session
        (coach_id, service_id, during, busy, time_zone, capacity, seats_taken, status)
      select coach_id, ${fromGlobalId('Service', serviceId)}::uuid,
        span, span, 'Europe/Paris', 1, 1, 'CONFIRMED'
      from bookings.coach_calendar
      cross join generate_series(1, 100) as n
      cross join lateral (
        select tstzrange(at, at + interval '1 hour') as span
        from (select '2027-05-01T00:00:00Z'::timestamptz + n * interval '6 hours' as at) as start
      ) as ranges`
    await sql`
      insert into bookings.booking
        (reference, session_id, coach_id, service_id, during, client_id, seats, status,
          cancel_notice_minutes, refund_steps, created_at)
      select translate(upper(lpad(to_hex(row_number() over ()), 8, '0')), 'ILOU', '0000'), id,
        coach_id, service_id, during, gen_random_uuid(), 1, 'CONFIRMED', 0, '[]', now()
      from bookings.session`
  })
  await it.admin`analyze bookings.session, bookings.booking, bookings.service`
}

beforeAll(async () => {
  it = await Harness.start()
  it.setClock(today)
  const offered = await it.coachWithService()
  coach = offered.coach
  serviceId = offered.serviceId
  await fill()
}, 60_000)
afterAll(() => it.stop())

type Plan = {
  'Node Type': string
  'Relation Name'?: string
  'Index Cond'?: string
  Plans?: Plan[]
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]

/** An index that is only walked in its order leads through the whole table as well. */
const isOfAll = ({ 'Node Type': type, 'Index Cond': condition }: Plan) =>
  type.endsWith('Seq Scan') || (/^Index.* Scan$/.test(type) && condition === undefined)

/** Big tables that a statement would read from one end to the other, planned as this room's own role. */
async function readWhole(statement: string): Promise<string[]> {
  const sql = it.db.connect('bookings', { max: 1 })
  const rows = await sql.unsafe(`explain (generic_plan, format json) ${statement}`)
  await sql.end()
  // PostgreSQL answers with one row of one column.
  const [{ Plan: plan }] = Object.values(rows[0] ?? {})[0] as [{ Plan: Plan }]
  return nodesOf(plan)
    .filter(isOfAll)
    .map((node) => node['Relation Name'] ?? '')
    .filter((table) => ['session', 'booking'].includes(table))
}

/** What the work asks the database. */
async function statementsOf(work: () => Promise<unknown>) {
  it.statements = []
  await work()
  return [...new Set(it.statements)].filter((text) => /^\s*(select|insert|update|with)/i.test(text))
}

const ofSomebody = `query ($r: [_Any!]!) { _entities(representations: $r) {
  ... on Viewer { bookings(first: 20) { edges { node { id } } } }
  ... on Coach { bookings(first: 20) { edges { node { id } } } }
} }`
const bookingsOf = (type: 'Viewer' | 'Coach', viewer: Viewer) =>
  it.ask(viewer, ofSomebody, { r: [{ __typename: type, id: toGlobalId(type, viewer.id) }] })
const own = '{ bookings(first: 20) { totalCount edges { node { id } } } }'
const free = 'query ($id: ID!) { node: service(id: $id) { id coach { id nextFreeSlot } } }'

describe('among 20,000 bookings no statement reads a whole table', () => {
  const works: [string, () => Promise<unknown>][] = [
    ['a search for slots', () => it.slots(serviceId)],
    ['the first free start', () => it.ask(null, free, { id: serviceId })],
    [
      'a hold, a confirmation and a cancellation',
      async () => {
        const { booking } = await it.booked(serviceId, undefined, client)
        await it.cancel(client, booking.id)
      },
    ],
    ['what a client is a part of', () => it.ask(client, own)],
    ['what a coach is a part of', () => it.ask(coach, own)],
    ['the bookings of a client', () => bookingsOf('Viewer', client)],
    ['the bookings of a coach', () => bookingsOf('Coach', coach)],
  ]
  test.each(works)('[MP-60] %s', async (_, work) => {
    const statements = await statementsOf(work)
    expect(statements.length).toBeGreaterThan(0)
    for (const statement of statements) {
      expect({ statement, reads: await readWhole(statement) }).toEqual({ statement, reads: [] })
    }
  })

  test('negative control: the list of everybody, which support reads, does', async () => {
    const statements = await statementsOf(() => it.ask(viewerWith(['SUPPORT']), own))
    const reads = await Promise.all(statements.map(readWhole))
    expect(reads.flat()).toContain('booking')
  })

  test('negative control: without its index a list does', async () => {
    await it.admin`drop index bookings.booking_by_start, bookings.booking_by_client, bookings.booking_by_coach`
    const statements = await statementsOf(() => bookingsOf('Viewer', client))
    const reads = await Promise.all(statements.map(readWhole))
    expect(reads.flat()).toContain('booking')
  })
})
