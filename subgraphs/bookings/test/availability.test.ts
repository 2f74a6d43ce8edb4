import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { toGlobalId } from '#kit/id'
import { viewerWith } from '../../../stack/testing/subgraph.ts'
import { Harness, today, weekdays } from './harness.ts'

let it: Harness
beforeAll(async () => {
  it = await Harness.start()
})
afterAll(() => it.stop())
beforeEach(() => it.setClock(today))

const rule = weekdays.rules[0]

describe('setAvailability', () => {
  test('keeps what it is given and gives it back', async () => {
    const coach = viewerWith(['COACH'])
    const exceptions = [
      { date: '2027-07-14', closed: true },
      { date: '2027-07-15', closed: false, ranges: [{ start: '18:00', end: '00:00' }] },
      { date: '2027-12-25', closed: true },
    ]
    const set = await it.setHours(coach, { exceptions })
    expect(set).toMatchObject({
      __typename: 'AvailabilitySet',
      availability: { version: 1, timeZone: 'Europe/Paris', rules: [{ ...rule, validTo: null }] },
      conflictingBookings: [],
    })
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Coach {
      availability { exceptions(from: "2027-07-01", to: "2027-07-31") { date closed ranges { start end } } }
    } } }`
    const r = [{ __typename: 'Coach', id: toGlobalId('Coach', coach.id) }]
    expect((await it.ask(null, query, { r })).body.data).toEqual({
      _entities: [
        {
          availability: {
            exceptions: [
              { date: '2027-07-14', closed: true, ranges: [] },
              { date: '2027-07-15', closed: false, ranges: [{ start: '18:00', end: '00:00' }] },
            ],
          },
        },
      ],
    })
  })

  test('of two changes to one version one wins, and the other is told so', async () => {
    const coach = viewerWith(['COACH'])
    const kinds = await Promise.all([it.setHours(coach), it.setHours(coach)])
    expect(kinds.map(({ __typename }) => __typename).sort()).toEqual([
      'AvailabilitySet',
      'ConflictError',
    ])
    expect(await it.setHours(coach)).toMatchObject({ path: ['expectedVersion'] })
  })

  test.each([
    [{ rules: [{ ...rule, rrule: 'FREQ=NEVER' }] }, ['rules', '0', 'rrule']],
    [{ rules: [{ ...rule, rrule: 'FREQ=SECONDLY' }] }, ['rules', '0', 'rrule']],
    [{ rules: [{ ...rule, duration: 'P2D' }] }, ['rules', '0', 'duration']],
    [
      {
        exceptions: [
          { date: '2027-03-28', closed: false, ranges: [{ start: '02:15', end: '04:00' }] },
        ],
      },
      ['exceptions', '0', 'ranges'],
    ],
  ])('refuses %j and names the path', async (change, path) => {
    const refused = await it.setHours(viewerWith(['COACH']), change)
    expect(refused).toMatchObject({ __typename: 'ValidationError', path })
  })

  test('names the live bookings that the new hours no longer cover, and keeps them', async () => {
    const { coach, serviceId } = await it.coachWithService()
    const { client, booking } = await it.booked(serviceId)
    const later = await it.booked(serviceId, '2027-06-08T12:00:00.000Z')
    const afternoons = { expectedVersion: 1, rules: [{ ...rule, startLocal: '13:00' }] }
    expect((await it.setHours(coach, afternoons)).conflictingBookings).toEqual([{ id: booking.id }])
    expect(later.booking.id).not.toBe(booking.id)
    const query = 'query ($id: ID!) { booking(id: $id) { status } }'
    const { body } = await it.ask(client, query, { id: booking.id })
    expect(body.data).toEqual({ booking: { status: 'CONFIRMED' } })
  })

  test('is for coaches: a client is refused and an anonymous person asked to sign in', async () => {
    const mutation = `mutation { setAvailability(input: { timeZone: "UTC", rules: [], expectedVersion: 0 }) { __typename } }`
    const codeFor = async (viewer: ReturnType<typeof viewerWith> | null) =>
      (await it.ask(viewer, mutation)).body.errors?.[0]?.extensions.code
    expect(await codeFor(viewerWith(['CLIENT']))).toBe('FORBIDDEN')
    expect(await codeFor(null)).toBe('UNAUTHENTICATED')
  })

  test('another coach’s rows are out of reach even for a statement that names them', async () => {
    const { coach } = await it.coachWithService()
    const sql = it.db.connect('bookings')
    const changed = await sql.begin(async (tx) => {
      await tx`select set_config('app.user', ${crypto.randomUUID()}, true)`
      const { count } = await tx`
        update coach_calendar set time_zone = 'UTC' where coach_id = ${coach.id}`
      return count
    })
    expect(changed).toBe(0)
  })
})
