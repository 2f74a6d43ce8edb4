import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { fromGlobalId, toGlobalId } from '#kit/id'
import { viewerWith } from '../../../stack/testing/subgraph.ts'
import { Harness, today } from './harness.ts'

let it: Harness
beforeAll(async () => {
  it = await Harness.start()
})
afterAll(() => it.stop())
beforeEach(() => it.setClock(today))

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

  test('keeps whatever an edit does not send', async () => {
    const coach = viewerWith(['COACH'])
    const sent = {
      step: 'PT25M',
      capacity: 4,
      location: 'AT_CLIENT',
      bufferBefore: 'PT5M',
      bufferAfter: 'PT10M',
      minimumNotice: 'PT3H',
      horizon: 'P9D',
      cancelNotice: 'PT4H',
      archived: true,
    }
    const id = (await it.upsertService(coach, sent)).service?.id ?? ''
    const kept = async () => {
      const [row] = await it.admin`
        select step_minutes, capacity, location, buffer_before_minutes, buffer_after_minutes,
          notice_minutes, horizon_days, cancel_notice_minutes, archived_at
        from bookings.service where id = ${fromGlobalId('Service', id)}`
      return row
    }
    const before = await kept()
    expect(before).toMatchObject({ stepMinutes: 25, capacity: 4, location: 'AT_CLIENT' })
    await it.upsertService(coach, { id })
    expect(await kept()).toEqual(before)
    it.pass(5)
    await it.upsertService(coach, { id, archived: true, capacity: null, location: null })
    expect(await kept()).toEqual(before)
    await it.upsertService(coach, { id, archived: false })
    expect(await kept()).toEqual({ ...Object(before), archivedAt: null })
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
