import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { toGlobalId } from '#kit/id'
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
