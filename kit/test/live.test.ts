import { describe, expect, test } from 'bun:test'
import type { Bus, BusEvent } from '#kit/bus'
import { createLive } from '#kit/live'
import { createLog } from '#kit/log'

let position = 0
const eventOf = (entityId: string): BusEvent => {
  position += 1
  return {
    id: `event ${position}`,
    topic: 'rooms.room-changed',
    entityId,
    payload: { door: entityId.split(' ')[0] ?? '' },
    headers: {},
    at: new Date(0),
    position,
    source: 'rooms',
  }
}

/** A bus that tells what the test gives it, and counts its readers. */
function scriptedBus() {
  const waiting: (BusEvent | Error)[] = []
  let readers = 0
  const bus: Bus = {
    publish: async () => {},
    head: async () => 0,
    stop: async () => {},
    subscribe: async function* ({ signal }) {
      readers += 1
      while (!signal.aborted) {
        const next = waiting.shift()
        if (next instanceof Error) throw next
        if (next) yield next
        else await Bun.sleep(1)
      }
    },
  }
  return {
    bus,
    readers: () => readers,
    tell: (...all: (BusEvent | Error)[]) => waiting.push(...all),
  }
}

const newLive = (waitingMax?: number) =>
  createLive({
    topics: ['rooms.room-changed'],
    channelsOf: ({ entityId }) => [entityId, 'all'],
    log: createLog({ service: 'rooms', level: 'silent' }),
    ...(waitingMax && { waitingMax }),
  })

const reader = (events: AsyncIterable<BusEvent>) => {
  const iterator = events[Symbol.asyncIterator]()
  return async () => (await iterator.next()).value?.id ?? null
}
const never = () => new AbortController().signal

describe('live events', () => {
  test('one reader of the bus serves every listener, each on its channel', async () => {
    const { bus, readers, tell } = scriptedBus()
    const live = newLive()
    const following = await live.follow(bus)
    const listeners = Array.from({ length: 50 }, () => reader(live.listen('one', never())))
    const other = reader(live.listen('two', never()))
    const [one, two] = [eventOf('one'), eventOf('two')]
    tell(one, two)
    expect(await Promise.all(listeners.map((next) => next()))).toEqual(Array(50).fill(one.id))
    expect(await other()).toBe(two.id)
    expect(readers()).toBe(1)
    await following.stop()
  })

  test('what happened before the call is not heard, what happens before the reading is', async () => {
    const { bus, tell } = scriptedBus()
    const live = newLive()
    const following = await live.follow(bus)
    const watching = reader(live.listen('all', never()))
    const [before, after] = [eventOf('one'), eventOf('one')]
    tell(before)
    expect(await watching()).toBe(before.id)
    const late = live.listen('one', never())
    tell(after)
    expect(await watching()).toBe(after.id)
    expect(await reader(late)()).toBe(after.id)
    await following.stop()
  })

  test('a slow listener keeps the newest of an entity, and holds no more than the bound', async () => {
    const { bus, tell } = scriptedBus()
    const live = newLive(3)
    const following = await live.follow(bus)
    const slow = reader(live.listen('one', never()))
    const quick = reader(live.listen('all', never()))
    const told = Array.from({ length: 100 }, () => eventOf('one'))
    for (const event of told) {
      tell(event)
      expect(await quick()).toBe(event.id)
    }
    const kept = [await slow(), await slow(), await slow()]
    expect(kept).toEqual(told.slice(-3).map(({ id }) => id))
    await following.stop()
  })

  test('one that falls behind on more entities than it may hold is cut off, and only that one', async () => {
    const { bus, tell } = scriptedBus()
    const live = newLive(2)
    const following = await live.follow(bus)
    const slow = reader(live.listen('all', never()))
    const quick = reader(live.listen('all', never()))
    const told = ['one', 'two', 'three'].map(eventOf)
    for (const event of told) {
      tell(event)
      expect(await quick()).toBe(event.id)
    }
    expect(await slow()).toBe(told[0]?.id ?? '')
    expect(await slow()).toBe(told[1]?.id ?? '')
    await expect(slow()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await following.stop()
  })

  test('one that leaves is let go at once, in the middle of waiting', async () => {
    const live = newLive()
    const leaving = new AbortController()
    const next = reader(live.listen('one', leaving.signal))()
    leaving.abort()
    expect(await next).toBeNull()
    expect(await reader(live.listen('one', leaving.signal))()).toBeNull()
  })

  test('a bus that fails is read again, from where it was', async () => {
    const { bus, readers, tell } = scriptedBus()
    const live = newLive()
    const following = await live.follow(bus)
    const next = reader(live.listen('one', never()))
    const [before, after] = [eventOf('one'), eventOf('one')]
    tell(before, new Error('away'))
    expect(await next()).toBe(before.id)
    tell(after)
    expect(await next()).toBe(after.id)
    expect(readers()).toBe(2)
    await following.stop()
  })

  test('when the service stops every listener ends with a reason to connect again', async () => {
    const { bus } = scriptedBus()
    const live = newLive()
    const following = await live.follow(bus)
    const listening = () =>
      reader(live.listen('one', never()))().catch((error: unknown) => Object(error).code)
    const ended = listening()
    await following.stop()
    expect(await ended).toBe('UNAVAILABLE')
    expect(await listening()).toBe('UNAVAILABLE')
  })
})
