import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { fromGlobalId, toGlobalId } from '#kit/id'
import { viewerWith } from '../../../stack/testing/subgraph.ts'
import { Harness, today, type Viewer } from './harness.ts'
import { type Stream, subscribe } from './stream.ts'

let it: Harness
beforeAll(async () => {
  it = await Harness.start()
  await it.service?.start()
})
afterAll(() => it.stop())
beforeEach(() => it.setClock(today))

const fields = 'id kind at booking { id status version }'
const changedQuery = `subscription ($id: ID!) { bookingChanged(bookingId: $id) { ${fields} } }`
const calendarQuery = `subscription ($id: ID!) { coachCalendarChanged(coachId: $id) { ${fields} } }`

const follow = (viewer: Viewer | null, id: string) =>
  subscribe(it, viewer, { query: changedQuery, variables: { id } })
const followCalendar = (viewer: Viewer | null, id: string) =>
  subscribe(it, viewer, { query: calendarQuery, variables: { id } })

type Event = { id: string; kind: string; booking: { id: string; status: string; version: number } }

async function eventOf(stream: Stream): Promise<Event> {
  const { event, data } = await stream.next()
  expect(event).toBe('next')
  // The subscription has one field, and a test states what it holds.
  return Object.values(data.data ?? {})[0] as Event
}

async function kindAndStatus(stream: Stream) {
  const { kind, booking } = await eventOf(stream)
  return [kind, booking.status, booking.version]
}

describe('bookingChanged', () => {
  test('sends the present state first, then each change in order with the booking as it is', async () => {
    const { serviceId } = await it.coachWithService()
    const { client, booking } = await it.held(serviceId)
    const stream = await follow(client, booking.id)
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream')
    expect(await kindAndStatus(stream)).toEqual(['CURRENT', 'HELD', 1])
    await it.confirm(client, booking.id)
    expect(await kindAndStatus(stream)).toEqual(['CONFIRMED', 'CONFIRMED', 2])
    await it.cancel(client, booking.id)
    expect(await kindAndStatus(stream)).toEqual(['CANCELLED', 'CANCELLED_BY_CLIENT', 3])
    await stream.leave()
  })
})
