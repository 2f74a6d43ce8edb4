import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { holdSlot, offerSessions, slotsOf } from '../testing/coach.ts'
import type { Person } from '../testing/person.ts'
import { shapes, type TestSystem, testSystem } from '../testing/system.ts'

/** `displayName` is of users, everything else of bookings. */
const changed = `subscription ($id: ID!) { bookingChanged(bookingId: $id) {
  kind booking { id status coach { displayName } } } }`
const confirm = `mutation ($input: ConfirmBookingInput!) {
  confirmBooking(input: $input) { __typename } }`

type Held = { holdSlot: { booking: { id: string } } }
type Event = {
  name: string
  id: string
  data: { data?: { bookingChanged: unknown }; errors?: unknown[] } | null
}

async function* eventsOf(person: Person, id: string, lastId = ''): AsyncGenerator<Event, void> {
  const response = await person.send('/graphql', {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      origin: person.origin,
      ...(lastId && { 'last-event-id': lastId }),
    },
    body: JSON.stringify({ query: changed, variables: { id } }),
  })
  expect(response.headers.get('content-type')).toStartWith('text/event-stream')
  let text = ''
  const decoder = new TextDecoder()
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes, { stream: true })
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const fieldOf = (field: string) => new RegExp(`^${field}: ?(.*)$`, 'm').exec(block)?.[1] ?? ''
      const [name, data] = [fieldOf('event'), fieldOf('data')]
      if (name) yield { name, id: fieldOf('id'), data: data ? JSON.parse(data) : null }
    }
  }
}

describe.each(shapes)('a booking that is looked at, in the system %s', (shape) => {
  let it: TestSystem
  let client: Person
  let booking: { id: string }
  beforeAll(async () => {
    it = await testSystem({ shape })
    const coach = await it.person('Léa Martin', ['COACH'])
    const { serviceId } = await offerSessions(coach, { slug: 'lea' })
    client = await it.person('Ana Silva', ['CLIENT'])
    const [slot] = await slotsOf(client, serviceId)
    const input = { idempotencyKey: 'live-booking', slotToken: slot?.token }
    booking = (await client.ask<Held>(holdSlot, { input })).holdSlot.booking
  }, 60_000)
  afterAll(() => it?.stop())

  const told = (kind: string, status: string) => ({
    data: {
      data: {
        bookingChanged: {
          kind,
          booking: { id: booking.id, status, coach: { displayName: 'Léa Martin' } },
        },
      },
    },
  })

  test('is told as it is, then as it becomes, until its viewer signs out', async () => {
    const events = eventsOf(client, booking.id)
    const first = (await events.next()).value
    expect(first).toMatchObject(told('CURRENT', 'HELD'))
    const input = { bookingId: booking.id, idempotencyKey: 'live-confirm' }
    expect(await client.ask<object>(confirm, { input })).toMatchObject({
      confirmBooking: { __typename: 'BookingConfirmed' },
    })
    expect((await events.next()).value).toMatchObject(told('CONFIRMED', 'CONFIRMED'))
    // Who was cut off before that is told of it, and not of the beginning again.
    const resumed = eventsOf(client, booking.id, first?.id)
    expect((await resumed.next()).value).toMatchObject(told('CONFIRMED', 'CONFIRMED'))
    await resumed.return()
    const headers = { 'x-plexus-csrf': '1', origin: client.origin }
    await client.send('/auth/logout', { method: 'POST', headers })
    const startedAt = performance.now()
    const rest = await Array.fromAsync(events)
    expect(rest.map(({ name }) => name)).toEqual(['next', 'complete'])
    expect(rest[0]?.data).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    })
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  }, 30_000)

  test('is told to nobody else', async () => {
    const stranger = await it.person('Max Roth', ['CLIENT'])
    const answer = await stranger.send('/graphql', {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        origin: stranger.origin,
      },
      body: JSON.stringify({ query: changed, variables: { id: booking.id } }),
    })
    const text = await answer.text()
    expect(text).toContain('NOT_FOUND')
    expect(text).not.toContain(booking.id)
  }, 30_000)
})
