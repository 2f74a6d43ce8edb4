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

  test('more than anybody can look at are refused with the remedy', async () => {
    const always = { ...rule, rrule: 'FREQ=DAILY', startLocal: '00:00', duration: 'P1D' }
    const { serviceId } = await it.coachWithService({ step: 'PT5M' }, { rules: [always] })
    const month = { serviceId, to: '2027-07-09T00:00:00+02:00' }
    expect(await it.slotsResult(month)).toMatchObject({
      __typename: 'ValidationError',
      path: ['to'],
      message: expect.stringContaining('fewer days'),
    })
    expect(await it.slots(serviceId)).toHaveLength(288)
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
