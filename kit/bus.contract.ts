import { expect, test } from 'bun:test'
import type { Bus, BusEvent, OutboxEvent } from './bus.ts'

export const eventOf = (topic: string, payload: OutboxEvent['payload'] = {}): OutboxEvent => ({
  id: Bun.randomUUIDv7(),
  topic,
  entityId: Bun.randomUUIDv7(),
  payload,
  headers: {},
  at: new Date(),
})

/** The first `count` events after a position. */
export async function take(
  bus: Bus,
  { topic, after, count }: { topic: string; after: number; count: number },
): Promise<BusEvent[]> {
  const taken: BusEvent[] = []
  const done = new AbortController()
  if (count === 0) return taken
  for await (const event of bus.subscribe({ topics: [topic], after, signal: done.signal })) {
    taken.push(event)
    if (taken.length === count) done.abort()
  }
  return taken
}

type Open = () => Promise<{ first: Bus; second: Bus }>

/** What every adapter keeps. `open` gives two buses of two services that share one stream. */
export function busContract(open: Open) {
  keepsOrder(open)
  keepsEvents(open)
}

function keepsOrder(open: Open) {
  test('events arrive in the order of their positions, whoever published them', async () => {
    const { first, second } = await open()
    const topic = 'contract.order'
    const after = await first.head()
    const reading = take(second, { topic, after, count: 40 })
    const publish = async (bus: Bus) => {
      for (let number = 0; number < 10; number += 1) {
        await bus.publish([eventOf(topic, number), eventOf(topic, number + 0.5)])
      }
    }
    await Promise.all([publish(first), publish(second)])
    const events = await reading
    const positions = events.map(({ position }) => position)
    expect(positions).toEqual(positions.toSorted((a, b) => a - b))
    expect(new Set(positions).size).toBe(40)
    const [source] = new Set(events.map((event) => event.source))
    const own = events.filter((event) => event.source === source).map(({ payload }) => payload)
    expect(own).toEqual(Array.from({ length: 20 }, (_, index) => index / 2))
  })

  test('readers that look all the time agree on one order and miss nothing', async () => {
    const { first, second } = await open()
    const topic = 'contract.readers'
    const after = await first.head()
    const readers = [first, second, first, second].map((bus) =>
      take(bus, { topic, after, count: 60 }),
    )
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        (index % 2 ? first : second).publish([eventOf(topic)]),
      ),
    )
    const seen = await Promise.all(readers)
    const orders = new Set(seen.map((events) => events.map(({ id }) => id).join()))
    expect(orders.size).toBe(1)
  })
}

function keepsEvents(open: Open) {
  test('an id that is published again is passed over', async () => {
    const { first } = await open()
    const after = await first.head()
    const [event, next] = [eventOf('contract.twice'), eventOf('contract.twice')]
    await first.publish([event])
    await first.publish([event, next])
    const taken = await take(first, { topic: 'contract.twice', after, count: 2 })
    expect(taken.map(({ id }) => id)).toEqual([event.id, next.id])
  })

  test('a reader resumes after the position it knows', async () => {
    const { first, second } = await open()
    const topic = 'contract.resume'
    const after = await first.head()
    await first.publish([eventOf(topic, 1), eventOf(topic, 2), eventOf(topic, 3)])
    const [one] = await take(second, { topic, after, count: 1 })
    const rest = await take(second, { topic, after: one?.position ?? 0, count: 2 })
    expect(rest.map(({ payload }) => payload)).toEqual([2, 3])
  })

  test('the past is read page by page, between two positions and no further', async () => {
    const { first, second } = await open()
    const topic = 'contract.past'
    const after = await first.head()
    await first.publish([1, 2, 3, 4].map((payload) => eventOf(topic, payload)))
    await first.publish([eventOf('contract.other')])
    const upTo = (await first.head()) - 2
    const read = async (after: number) => second.past({ topics: [topic], after, upTo, limit: 2 })
    const page = await read(after)
    expect(page.map(({ payload }) => payload)).toEqual([1, 2])
    const rest = await read(page.at(-1)?.position ?? 0)
    expect(rest.map(({ payload }) => payload)).toEqual([3])
    expect(await read(upTo)).toEqual([])
  })

  test('what is published arrives as it was', async () => {
    const { first, second } = await open()
    const after = await first.head()
    const sent = eventOf('contract.whole', { snake_case: [1, null], text: 'é "quoted" \\ 😀' })
    await first.publish([sent])
    const [event] = await take(second, { topic: 'contract.whole', after, count: 1 })
    expect(event).toMatchObject(sent)
  })

  test('a reader ends when its signal aborts, even while it waits', async () => {
    const { first } = await open()
    const stopping = new AbortController()
    const reading = (async () => {
      for await (const _ of first.subscribe({
        topics: ['contract.none'],
        after: 0,
        signal: stopping.signal,
      }));
      return 'ended'
    })()
    stopping.abort()
    expect(await reading).toBe('ended')
  })
}
