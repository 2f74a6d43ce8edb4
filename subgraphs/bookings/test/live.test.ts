import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { fromGlobalId, toGlobalId } from '#kit/id'
import { createLog } from '#kit/log'
import { database, systemContext } from '#kit/postgres'
import { until } from '#kit/test/until'
import { viewerWith } from '../../../stack/testing/subgraph.ts'
import { updateStatus } from '../booking/changes.ts'
import { tell } from '../booking/events.ts'
import { startHoldSweep } from '../booking/sweep.ts'
import { Billing } from './billing.ts'
import { Harness, today, type Viewer } from './harness.ts'
import { type Stream, send, subscribe } from './stream.ts'

let it: Harness
let billing: Billing
beforeAll(async () => {
  it = await Harness.start()
  await it.service?.start()
  billing = await Billing.start(it)
})
afterAll(async () => {
  await billing.stop()
  await it.stop()
})
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

async function seen(stream: Stream) {
  const { kind, booking } = await eventOf(stream)
  return [kind, booking.status, booking.version]
}

const refusalOf = async (stream: Stream) => {
  const { data } = await stream.next()
  return data.errors?.[0]
}

describe('bookingChanged', () => {
  test('[MP-38] sends the present state first, then each change with the booking as it is', async () => {
    const { serviceId } = await it.coachWithService()
    const { client, booking } = await it.held(serviceId)
    const stream = await follow(client, booking.id)
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream')
    expect(await seen(stream)).toEqual(['CURRENT', 'HELD', 1])
    await it.confirm(client, booking.id)
    expect(await seen(stream)).toEqual(['CONFIRMED', 'CONFIRMED', 2])
    await it.cancel(client, booking.id)
    expect(await seen(stream)).toEqual(['CANCELLED', 'CANCELLED_BY_CLIENT', 3])
    await stream.leave()
  })

  test('tells of the payment that confirms, of a refund and of a card that was declined', async () => {
    const { serviceId } = await it.coachWithService()
    await it.price(serviceId, 5_000)
    const { client, booking } = await it.held(serviceId)
    const stream = await follow(client, booking.id)
    expect(await seen(stream)).toEqual(['CURRENT', 'HELD', 1])
    await billing.failed(booking.id)
    expect(await seen(stream)).toEqual(['PAYMENT', 'HELD', 1])
    const paymentId = await billing.paid(booking.id, 5_000)
    expect(await seen(stream)).toEqual(['CONFIRMED', 'CONFIRMED', 2])
    expect(await seen(stream)).toEqual(['PAYMENT', 'CONFIRMED', 2])
    await billing.refunded(booking.id, { paymentId, refunded: 100 })
    expect(await seen(stream)).toEqual(['PAYMENT', 'CONFIRMED', 3])
    await stream.leave()
  })

  test('tells of the end of a hold and of a late payment whose slot has gone', async () => {
    const { serviceId } = await it.coachWithService()
    await it.price(serviceId, 5_000)
    const { client, booking } = await it.held(serviceId)
    const stream = await follow(client, booking.id)
    expect((await eventOf(stream)).kind).toBe('CURRENT')
    it.pass(10)
    await it.held(serviceId)
    expect((await eventOf(stream)).kind).toBe('EXPIRED')
    await billing.paid(booking.id, 5_000)
    expect((await eventOf(stream)).kind).toBe('UNSEATED')
    expect((await eventOf(stream)).kind).toBe('PAYMENT')
    await stream.leave()
  })

  test('is the same for its client, its coach and support', async () => {
    const { serviceId, coach } = await it.coachWithService()
    const { client, booking } = await it.held(serviceId)
    const streams = await Promise.all(
      [client, coach, viewerWith(['SUPPORT'])].map((viewer) => follow(viewer, booking.id)),
    )
    for (const stream of streams) expect((await eventOf(stream)).kind).toBe('CURRENT')
    await it.confirm(client, booking.id)
    const events = await Promise.all(streams.map(eventOf))
    expect(new Set(events.map(({ id }) => id)).size).toBe(1)
    expect(events.map(({ kind }) => kind)).toEqual(['CONFIRMED', 'CONFIRMED', 'CONFIRMED'])
    await Promise.all(streams.map((stream) => stream.leave()))
  })

  test('answers a stranger exactly as for a booking that does not exist', async () => {
    const { serviceId } = await it.coachWithService()
    const { booking } = await it.booked(serviceId)
    const stranger = viewerWith(['CLIENT', 'COACH'])
    const refusals = await Promise.all(
      [booking.id, toGlobalId('Booking', crypto.randomUUID()), 'nonsense'].map(async (id) => {
        const refusal = await refusalOf(await follow(stranger, id))
        return { ...refusal, extensions: refusal?.extensions.code }
      }),
    )
    expect(refusals[0]).toMatchObject({ extensions: 'NOT_FOUND' })
    expect(JSON.stringify(refusals[1])).toBe(JSON.stringify(refusals[0]))
    expect(JSON.stringify(refusals[2])).toBe(JSON.stringify(refusals[0]))
    const anonymous = await refusalOf(await follow(null, booking.id))
    expect(anonymous?.extensions.code).toBe('UNAUTHENTICATED')
  })

  test('never shows what was rolled back', async () => {
    const { serviceId } = await it.coachWithService()
    const { client, booking } = await it.held(serviceId)
    const id = fromGlobalId('Booking', booking.id) ?? ''
    const stream = await follow(client, booking.id)
    expect((await eventOf(stream)).kind).toBe('CURRENT')
    const pool = it.db.connect('bookings')
    const failed = database(pool, systemContext).write(async (sql) => {
      await tell(sql, 'confirmed', await updateStatus(sql, { id, status: 'CONFIRMED' }))
      throw new Error('too late')
    })
    await expect(failed).rejects.toThrow('too late')
    await it.release(client, booking.id)
    expect(await seen(stream)).toEqual(['EXPIRED', 'EXPIRED', 2])
    await stream.leave()
  })

  test('loses nothing when the reader connects again: changes meanwhile are in the present state', async () => {
    const { serviceId } = await it.coachWithService({ step: 'PT1H' })
    const { client, booking } = await it.held(serviceId)
    const first = await follow(client, booking.id)
    expect((await eventOf(first)).kind).toBe('CURRENT')
    await first.leave()
    await it.confirm(client, booking.id)
    const second = await follow(client, booking.id)
    expect(await seen(second)).toEqual(['CURRENT', 'CONFIRMED', 2])
    await it.cancel(client, booking.id)
    expect(await seen(second)).toEqual(['CANCELLED', 'CANCELLED_BY_CLIENT', 3])
    await second.leave()
  })

  test('opened in the middle of changes it ends at the last one, whatever it began with', async () => {
    const { serviceId } = await it.coachWithService()
    const many = await Promise.all(
      Array.from({ length: 6 }, async (_, index) => {
        const start = new Date(Date.parse('2027-06-09T07:00:00Z') + index * 3_600_000)
        return it.held(serviceId, start.toISOString())
      }),
    )
    await Promise.all(
      many.map(async ({ client, booking }) => {
        const changing = it.confirm(client, booking.id).then(() => it.cancel(client, booking.id))
        const stream = await follow(client, booking.id)
        const versions: number[] = []
        while (versions.at(-1) !== 3) versions.push((await eventOf(stream)).booking.version)
        expect(versions).toEqual([...versions].sort((a, b) => a - b))
        await changing
        await stream.leave()
      }),
    )
  }, 20_000)

  test('a caller who takes no events is told so', async () => {
    const { serviceId } = await it.coachWithService()
    const { client, booking } = await it.held(serviceId)
    const operation = { query: changedQuery, variables: { id: booking.id } }
    const { status } = await send(it, client, { ...operation, accept: 'application/json' })
    expect(status).toBe(406)
  })

  test('says that it is there while nothing happens', async () => {
    const { serviceId } = await it.coachWithService()
    const { client, booking } = await it.held(serviceId)
    const stream = await follow(client, booking.id)
    expect((await eventOf(stream)).kind).toBe('CURRENT')
    const before = stream.comments()
    const next = stream.next().catch(() => null)
    await until('three comments have come', () => stream.comments() >= before + 3)
    await stream.leave()
    await next
  })
})

describe('coachCalendarChanged', () => {
  test('tells a coach of every booking of theirs and of nobody else’s', async () => {
    const [one, two] = [await it.coachWithService(), await it.coachWithService()]
    const stream = await followCalendar(one.coach, one.coachId)
    const support = await followCalendar(viewerWith(['SUPPORT']), one.coachId)
    // A stream has no first event here: it is open once its first comment has come.
    const [first, seenBySupport] = [eventOf(stream), eventOf(support)]
    await until('both listen', () => stream.comments() > 0 && support.comments() > 0)
    await it.held(two.serviceId)
    const { client, booking } = await it.held(one.serviceId)
    expect(await first).toMatchObject({ kind: 'HELD', booking: { id: booking.id } })
    expect(await seenBySupport).toMatchObject({ kind: 'HELD', booking: { id: booking.id } })
    await it.confirm(client, booking.id)
    expect(await seen(stream)).toEqual(['CONFIRMED', 'CONFIRMED', 2])
    await Promise.all([stream.leave(), support.leave()])
  })

  test('is nobody else’s: not another coach’s, not a client’s', async () => {
    const { coachId } = await it.coachWithService()
    for (const [viewer, code] of [
      [viewerWith(['COACH']), 'FORBIDDEN'],
      [viewerWith(['CLIENT']), 'FORBIDDEN'],
      [null, 'UNAUTHENTICATED'],
    ] as const) {
      const refusal = await refusalOf(await followCalendar(viewer, coachId))
      expect(refusal?.extensions.code).toBe(code)
    }
  })

  test('hears what the sweep ends', async () => {
    const { serviceId, coach, coachId } = await it.coachWithService()
    await it.held(serviceId)
    const stream = await followCalendar(coach, coachId)
    const first = eventOf(stream)
    await until('it listens', () => stream.comments() > 0)
    it.pass(10)
    const log = createLog({ service: 'bookings', level: 'silent' })
    const sweep = startHoldSweep({ sql: it.db.connect('bookings'), log, now: it.now, everyMs: 5 })
    // The hold itself may be heard too: it was told a moment before.
    const { kind } = await first
    expect(kind === 'HELD' ? (await eventOf(stream)).kind : kind).toBe('EXPIRED')
    await sweep.stop()
    await stream.leave()
  })
})
