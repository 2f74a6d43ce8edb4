import { holdSlot, offerSessions, slotsOf } from '../stack/testing/coach.ts'
import type { Person } from '../stack/testing/person.ts'
import { testSystem } from '../stack/testing/system.ts'
import { tableOf } from './table.ts'

const minutes = 10

const bookingChanged = `subscription ($id: ID!) {
  bookingChanged(bookingId: $id) { kind booking { status } } }`
const confirmBooking = `mutation ($input: ConfirmBookingInput!) { confirmBooking(input: $input) {
  ... on BookingConfirmed { booking { id version } } } }`
const cancelBooking = `mutation ($input: CancelInput!) { cancelBooking(input: $input) { __typename } }`

type Held = { holdSlot: { booking: { id: string } } }
type Confirmed = { confirmBooking: { booking: { id: string; version: number } } }

async function confirmedBooking(coach: Person, client: Person) {
  const { serviceId } = await offerSessions(coach, { slug: 'lea-martin' })
  const slot = (await slotsOf(client, serviceId)).at(-1)
  const held = await client.ask<Held>(holdSlot, {
    input: { idempotencyKey: crypto.randomUUID(), slotToken: slot?.token },
  })
  const bookingId = held.holdSlot.booking.id
  const answer = await client.ask<Confirmed>(confirmBooking, {
    input: { idempotencyKey: crypto.randomUUID(), bookingId },
  })
  return answer.confirmBooking.booking
}

/** What a stream says, and when. `next` resolves with the moment at which an event holds the text. */
function listenTo(response: Response) {
  const heard = { heartbeats: 0, isOpen: true, text: '' }
  const decoder = new TextDecoder()
  const reading = (async () => {
    for await (const chunk of response.body ?? []) {
      const text = decoder.decode(chunk, { stream: true })
      heard.heartbeats += text.match(/^:/gm)?.length ?? 0
      heard.text += text
    }
    heard.isOpen = false
  })().catch(() => {
    heard.isOpen = false
  })
  const next = async (text: string) => {
    while (heard.isOpen && !heard.text.includes(text)) await Bun.sleep(5)
    return performance.now()
  }
  return { heard, next, reading }
}

/** A booking that is watched while nothing happens to it for ten minutes, and then something does. */
export async function silence(): Promise<string> {
  const system = await testSystem()
  try {
    const coach = await system.person('Léa Martin', ['COACH'])
    const client = await system.person('Alice Petit')
    const { id, version } = await confirmedBooking(coach, client)
    const response = await client.send('/graphql', {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', accept: 'text/event-stream' },
        origin: system.origin,
      },
      body: JSON.stringify({ query: bookingChanged, variables: { id } }),
    })
    const { heard, next } = listenTo(response)
    await next('CURRENT')
    await Bun.sleep(minutes * 60_000)
    const { heartbeats, isOpen } = heard
    const startedAt = performance.now()
    const idempotencyKey = crypto.randomUUID()
    const input = { idempotencyKey, bookingId: id, expectedVersion: version }
    await client.ask(cancelBooking, { input })
    const seenAt = await next('CANCELLED')
    return tableOf(
      ['a silent stream', ''],
      [
        ['minutes', String(minutes)],
        ['still open', String(isOpen)],
        ['heartbeats', String(heartbeats)],
        ['from a change to the client, ms', seenAt - startedAt],
      ],
    )
  } finally {
    await system.stop()
  }
}
