import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { toGlobalId } from '#kit/id'
import { viewerWith } from '../../../stack/testing/subgraph.ts'
import { errorFields, Harness, today, tomorrowAtNine, weekdays } from './harness.ts'

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

describe('upsertService', () => {
  const fields = `query ($id: ID!) { service(id: $id) {
    name(locale: "en") description duration capacity location bufferBefore bufferAfter
    minimumNotice horizon cancelNotice archived coach { id } } }`

  test('adds a service with defaults and changes only what is sent', async () => {
    const coach = viewerWith(['COACH'])
    const added = await it.upsertService(coach, { descriptionFr: 'Calme.' })
    const id = added.service?.id ?? ''
    const first = (await it.ask(null, fields, { id })).body.data?.service
    expect(first).toEqual({
      name: 'Breathing',
      description: 'Calme.',
      duration: 'PT1H',
      capacity: 1,
      location: 'ONLINE',
      bufferBefore: 'PT0M',
      bufferAfter: 'PT0M',
      minimumNotice: 'PT2H',
      horizon: 'P60D',
      cancelNotice: 'P1D',
      archived: false,
      coach: { id: toGlobalId('Coach', coach.id) },
    })
    await it.upsertService(coach, { id, horizon: 'P7D', location: 'ON_SITE' })
    const second = (await it.ask(null, fields, { id })).body.data?.service
    expect(second).toEqual({ ...Object(first), horizon: 'P7D', location: 'ON_SITE' })
  })

  test('an archived service is null to others, leaves the lists, and can be offered again', async () => {
    const { coach, coachId, serviceId } = await it.coachWithService()
    await it.upsertService(coach, { id: serviceId, archived: true })
    const query = 'query ($id: ID!) { service(id: $id) { archived } }'
    expect((await it.ask(null, query, { id: serviceId })).body.data).toEqual({ service: null })
    expect((await it.ask(coach, query, { id: serviceId })).body.data).toEqual({
      service: { archived: true },
    })
    const list = 'query ($coachId: ID) { services(coachId: $coachId) { edges { node { id } } } }'
    const listed = async () => (await it.ask(null, list, { coachId })).body.data
    expect(await listed()).toEqual({ services: { edges: [] } })
    expect((await it.slotsResult({ serviceId })).__typename).toBe('NotFoundError')
    await it.upsertService(coach, { id: serviceId, archived: false, minimumNotice: 'PT0M' })
    expect(await listed()).toEqual({ services: { edges: [{ node: { id: serviceId } }] } })
  })

  test('a booking keeps a service that was archived after it', async () => {
    const { coach, serviceId } = await it.coachWithService()
    const { client, booking } = await it.booked(serviceId)
    await it.upsertService(coach, { id: serviceId, archived: true })
    const query = 'query ($id: ID!) { booking(id: $id) { service { name } } }'
    const { body } = await it.ask(client, query, { id: booking.id })
    expect(body.data).toEqual({ booking: { service: { name: 'Respiration' } } })
  })

  test('another coach’s service is not found', async () => {
    const { serviceId } = await it.coachWithService()
    const stranger = viewerWith(['COACH'])
    for (const id of [serviceId, 'nonsense', toGlobalId('Service', crypto.randomUUID())]) {
      expect((await it.upsertService(stranger, { id })).__typename).toBe('NotFoundError')
    }
  })

  test.each([
    [{ nameFr: ' ' }, ['nameFr']],
    [{ duration: 'PT1M' }, ['duration']],
    [{ horizon: 'P1DT1H' }, ['horizon']],
    [{ capacity: 0 }, ['capacity']],
  ])('refuses %j and names the path', async (change, path) => {
    const refused = await it.upsertService(viewerWith(['COACH']), change)
    expect(refused).toMatchObject({ __typename: 'ValidationError', path })
  })
})

describe('slots', () => {
  test('are those of the asked zone’s days, in order', async () => {
    const { serviceId } = await it.coachWithService({ step: 'PT4H' })
    const { days } = await it.slotsResult({
      serviceId,
      from: '2027-06-08T00:00:00Z',
      to: '2027-06-10T00:00:00Z',
      timeZone: 'Asia/Tokyo',
    })
    expect(
      days?.map(({ date, slots }) => [date, slots.map(({ localStart }) => localStart)]),
    ).toEqual([
      ['2027-06-08', ['2027-06-08T16:00', '2027-06-08T20:00']],
      ['2027-06-09', ['2027-06-09T16:00', '2027-06-09T20:00']],
    ])
  })

  test('over the clock change of 28 March 2027 keep the wall time: 08:00Z, then 07:00Z', async () => {
    it.setClock('2027-03-20T00:00:00Z')
    const { serviceId } = await it.coachWithService(
      { step: 'PT8H' },
      { rules: [{ ...rule, rrule: 'FREQ=DAILY' }] },
    )
    const slots = await it.slots(serviceId, {
      from: '2027-03-27T00:00:00+01:00',
      to: '2027-03-30T00:00:00+02:00',
    })
    expect(slots.map(({ start, localStart }) => [start, localStart])).toEqual([
      ['2027-03-27T08:00:00.000Z', '2027-03-27T09:00'],
      ['2027-03-28T07:00:00.000Z', '2027-03-28T09:00'],
      ['2027-03-29T07:00:00.000Z', '2027-03-29T09:00'],
    ])
  })

  test('in the repeated hour are two, and each can be held', async () => {
    it.setClock('2027-10-25T00:00:00Z')
    const night = { ...rule, rrule: 'FREQ=DAILY', startLocal: '02:00', duration: 'PT2H' }
    const { serviceId } = await it.coachWithService({ step: 'PT1H' }, { rules: [night] })
    const slots = await it.slots(serviceId, {
      from: '2027-10-31T00:00:00+02:00',
      to: '2027-11-01T00:00:00+01:00',
    })
    expect(slots.map(({ start, localStart }) => [start, localStart])).toEqual([
      ['2027-10-31T00:00:00.000Z', '2027-10-31T02:00'],
      ['2027-10-31T01:00:00.000Z', '2027-10-31T02:00'],
    ])
    for (const { token, start } of slots) {
      const { booking } = await it.hold(viewerWith(['CLIENT']), token)
      expect(booking?.startsAt).toBe(start)
    }
  })

  test('every one that is offered can be held at the same instant', async () => {
    const { serviceId } = await it.coachWithService({
      step: 'PT25M',
      bufferBefore: 'PT5M',
      bufferAfter: 'PT10M',
      minimumNotice: 'PT30M',
      horizon: 'P3D',
    })
    it.setClock('2027-06-08T08:10:00Z')
    await it.booked(serviceId, '2027-06-08T09:30:00.000Z')
    const slots = await it.slots(serviceId, {
      from: '2027-06-08T00:00:00Z',
      to: '2027-06-20T00:00:00Z',
    })
    expect(slots.length).toBeGreaterThan(30)
    for (const { token } of slots) {
      const client = viewerWith(['CLIENT'])
      const held = await it.hold(client, token)
      expect(held.__typename).toBe('SlotHeld')
      await it.release(client, held.booking?.id ?? '')
    }
  }, 30_000)

  test.each([
    [{ to: '2027-06-08T00:00:00+02:00' }, 'ValidationError', ['to']],
    [{ to: '2027-08-10T00:00:00+02:00' }, 'ValidationError', ['to']],
    [{ seats: 0 }, 'ValidationError', ['seats']],
    [{ serviceId: 'nonsense' }, 'NotFoundError', ['serviceId']],
    [{ serviceId: toGlobalId('Service', crypto.randomUUID()) }, 'NotFoundError', ['serviceId']],
    [{ serviceId: toGlobalId('Coach', crypto.randomUUID()) }, 'NotFoundError', ['serviceId']],
  ])('asked with %j are a %s', async (change, __typename, path) => {
    const { serviceId } = await it.coachWithService()
    expect(await it.slotsResult({ serviceId, ...change })).toMatchObject({ __typename, path })
  })

  test.each(['Paris/Europe', '+02:00', 'Mars', ''])('a zone %p is refused', async (timeZone) => {
    const query = `query ($input: SlotsInput!) { slots(input: $input) { __typename ${errorFields} } }`
    const input = { serviceId: 'x', from: today, to: tomorrowAtNine, timeZone }
    const { body } = await it.ask(null, query, { input })
    expect(body.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  })

  test('are none for a coach who has set no hours', async () => {
    const coach = viewerWith(['COACH'])
    const { service } = await it.upsertService(coach)
    expect(await it.slots(service?.id ?? '')).toEqual([])
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) {
      ... on Coach { availability { version } nextFreeSlot } } }`
    const r = [{ __typename: 'Coach', id: toGlobalId('Coach', coach.id) }]
    expect((await it.ask(null, query, { r })).body.data).toEqual({
      _entities: [{ availability: null, nextFreeSlot: null }],
    })
  })
})

describe('nextFreeSlot', () => {
  const query = `query ($r: [_Any!]!, $serviceId: ID) { _entities(representations: $r) {
    ... on Coach { nextFreeSlot(serviceId: $serviceId) } } }`
  const nextOf = async (coachId: string, serviceId: string | null = null) => {
    const r = [{ __typename: 'Coach', id: coachId }]
    const { body } = await it.ask(null, query, { r, serviceId })
    return Object(body.data)._entities[0].nextFreeSlot
  }

  test('is the earliest start of all services, or of one', async () => {
    const { coach, coachId, serviceId } = await it.coachWithService()
    const later = await it.upsertService(coach, { minimumNotice: 'P2D' })
    expect(await nextOf(coachId)).toBe('2027-06-07T07:00:00.000Z')
    expect(await nextOf(coachId, serviceId)).toBe('2027-06-07T07:00:00.000Z')
    expect(await nextOf(coachId, later.service?.id ?? '')).toBe('2027-06-09T07:00:00.000Z')
    expect(await nextOf(coachId, toGlobalId('Service', crypto.randomUUID()))).toBeNull()
    await it.held(serviceId, '2027-06-07T07:00:00.000Z')
    expect(await nextOf(coachId)).toBe('2027-06-07T08:00:00.000Z')
  })

  test('looks past the near days as far as the horizon, and no farther', async () => {
    const september = { rules: [{ ...rule, validFrom: '2027-09-01' }] }
    const { coachId } = await it.coachWithService({ horizon: 'P90D' }, september)
    expect(await nextOf(coachId)).toBe('2027-09-01T07:00:00.000Z')
    const near = await it.coachWithService({ horizon: 'P60D' }, september)
    expect(await nextOf(near.coachId)).toBeNull()
  })
})
