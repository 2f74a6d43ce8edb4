import { describe, expect, test } from 'bun:test'
import type { Bus, BusEvent } from '#kit/bus'
import { followingOf } from '#kit/following'
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
    at: new Date(),
    position,
    source: 'rooms',
  }
}

/** A bus that tells what the test gives it, and counts its readers. */
function scriptedBus() {
  const waiting: (BusEvent | Error)[] = []
  const kept: BusEvent[] = []
  let readers = 0
  const bus: Bus = {
    publish: async () => {},
    head: async () => kept.at(-1)?.position ?? 0,
    past: async ({ after, upTo, limit }) =>
      kept.filter(({ position }) => position > after && position <= upTo).slice(0, limit),
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
    /** In the past already, when the reading of the bus begins. */
    keep: (...all: BusEvent[]) => kept.push(...all),
    tell: (...all: (BusEvent | Error)[]) => {
      kept.push(...all.filter((one): one is BusEvent => !(one instanceof Error)))
      waiting.push(...all)
    },
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
const never = () => followingOf(null, new AbortController().signal)
const after = (id: string) => followingOf(id, new AbortController().signal)

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

  test('a slow listener holds no more than the bound, and misses nothing', async () => {
    const { bus, tell } = scriptedBus()
    const live = newLive(3)
    const following = await live.follow(bus)
    const slow = reader(live.listen('one', never()))
    const quick = reader(live.listen('all', never()))
    const told = Array.from({ length: 500 }, (_, index) => eventOf(index % 5 ? 'one' : 'two'))
    const ofOne = told.filter(({ entityId }) => entityId === 'one').map(({ id }) => id)
    const first = slow()
    for (const event of told) {
      tell(event)
      expect(await quick()).toBe(event.id)
    }
    const heard = [await first]
    while (heard.length < ofOne.length) heard.push(await slow())
    expect(heard).toEqual(ofOne)
    const last = eventOf('one')
    tell(last)
    expect(await slow()).toBe(last.id)
    await following.stop()
  })

  test('one that leaves is let go at once, in the middle of waiting', async () => {
    const live = newLive()
    const leaving = new AbortController()
    const next = reader(live.listen('one', followingOf(null, leaving.signal)))()
    leaving.abort()
    expect(await next).toBeNull()
    expect(await reader(live.listen('one', followingOf(null, leaving.signal)))()).toBeNull()
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

describe('a stream that is resumed', () => {
  const names = (events: readonly BusEvent[]) => events.map(({ id }) => id)

  test('hears what was missed, then what happens, each once, in order', async () => {
    const { bus, keep, tell } = scriptedBus()
    const missed = ['one', 'two', 'one', 'one'].map(eventOf)
    keep(...missed)
    const live = newLive()
    const following = await live.follow(bus)
    const [first, , second, third] = missed
    const next = reader(live.listen('one', after(`${first?.position}`)))
    expect([await next(), await next()]).toEqual([second?.id, third?.id])
    const now = ['one', 'one'].map(eventOf)
    tell(...now)
    expect([await next(), await next()]).toEqual(names(now))
    await following.stop()
  })

  test('by each of its ids, also of a silence, hears exactly the rest', async () => {
    const { bus, tell } = scriptedBus()
    const live = newLive(2)
    const following = await live.follow(bus)
    const all = never()
    const events = live.listen('all', all)[Symbol.asyncIterator]()
    const told = Array.from({ length: 12 }, () => eventOf('one'))
    const ids: (string | null)[] = []
    const first = events.next()
    await all.place.known
    ids.push(all.place.told())
    tell(...told)
    await first
    for (const _ of told.slice(1)) {
      ids.push(all.place.inHand)
      await events.next()
    }
    for (const [index, id] of ids.entries()) {
      const next = reader(live.listen('one', after(id ?? '')))
      const rest = told.slice(index)
      const heard: unknown[] = []
      for (const _ of rest) heard.push(await next())
      expect(heard).toEqual(names(rest))
    }
    await following.stop()
  })

  test('says that an event is told only once the next one is asked for', async () => {
    const { bus, tell } = scriptedBus()
    const live = newLive()
    const following = await live.follow(bus)
    const all = never()
    const events = live.listen('all', all)[Symbol.asyncIterator]()
    const first = events.next()
    await all.place.known
    const start = all.place.told()
    const [one, two] = [eventOf('one'), eventOf('one')]
    tell(one, two)
    await first
    expect(all.place.inHand).toBe(`${one.position}`)
    expect(all.place.told()).toBe(start)
    await events.next()
    expect(all.place.told()).toBe(`${one.position}`)
    await following.stop()
  })

  test('moves on in silence with what concerns others', async () => {
    const { bus, tell } = scriptedBus()
    const live = newLive()
    const following = await live.follow(bus)
    const one = never()
    const quiet = live.listen('one', one)[Symbol.asyncIterator]()
    const ended = quiet.next().catch((error: unknown) => Object(error).code)
    const other = reader(live.listen('two', never()))
    const event = eventOf('two')
    tell(event)
    expect(await other()).toBe(event.id)
    expect(one.place.told()).toBe(`${event.position}`)
    await following.stop()
    expect(await ended).toBe('UNAVAILABLE')
  })

  test('remembers its mark in every id, also in that of the event before the first', async () => {
    const { bus, tell } = scriptedBus()
    const live = newLive()
    const following = await live.follow(bus)
    const marked = never()
    const events = live.listen('one', marked)
    marked.remember('v7')
    const inHand = () => followingOf(marked.place.inHand, new AbortController().signal).after
    expect(inHand()?.mark).toBe('v7')
    const next = reader(events)()
    await marked.place.known
    tell(eventOf('one'))
    await next
    expect(inHand()).toEqual({ position, mark: 'v7' })
    await following.stop()
  })

  test.each([
    ['whose first missed event is too old', (first: BusEvent) => `${first.position - 1}`],
    ['from a place that was never reached', (first: BusEvent) => `${first.position + 1_000}`],
  ])('%s is told so', async (_, idFor) => {
    const { bus, keep } = scriptedBus()
    const old = { ...eventOf('one'), at: new Date(Date.now() - 331_000) }
    keep(old, eventOf('one'))
    const live = newLive()
    const following = await live.follow(bus)
    await expect(reader(live.listen('one', after(idFor(old))))()).rejects.toMatchObject({
      code: 'EVENTS_MISSED',
    })
    expect(await reader(live.listen('one', after(`${old.position}`)))()).toBe(`event ${position}`)
    await following.stop()
  })

  test.each(['', 'x', '-1', '1.', '1;2', '9'.repeat(40)])('%p is no id of ours', (id) => {
    expect(() => after(id)).toThrow('cannot be told any more')
  })
})
