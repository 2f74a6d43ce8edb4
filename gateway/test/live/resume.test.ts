import { afterEach, describe, expect, test } from 'bun:test'
import { type EventReader, readEvents } from '../event-reader.ts'
import { engineNames } from '../harness.ts'
import { graphs, told } from './feed.ts'
import type { Instance } from './instance.ts'
import { startWorld as newWorld, type World, type WorldOptions } from './world.ts'

const document = 'subscription ($channel: String!) { told(channel: $channel) { number text } }'

type Ask = {
  readonly channel?: string
  readonly query?: string
  readonly lastId?: string
  readonly person?: string | null
}

const ask = (instance: Instance, { channel = 'a', query = document, lastId, person }: Ask = {}) =>
  instance.send(
    new Request('http://localhost/graphql', {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        ...(lastId !== undefined && { 'last-event-id': lastId }),
      },
      body: JSON.stringify({ query, variables: { channel } }),
    }),
    person,
  )

/** A stream that has told where it stands. */
async function open(instance: Instance, about: Ask = {}): Promise<EventReader> {
  const events = readEvents(await ask(instance, about))
  await events.known()
  return events
}

const stopping: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stopping.splice(0)) await stop()
})

async function startWorld(options: WorldOptions = {}) {
  const world = await newWorld(options)
  stopping.push(world.stop)
  return world
}

const numberOf = (seen: { readonly data: unknown } | null): unknown =>
  Object(Object(Object(seen?.data).data).told).number
async function numbers(events: EventReader, count: number) {
  const seen: unknown[] = []
  while (seen.length < count) seen.push(numberOf(await events.next()))
  return seen
}

const missed = { errors: [{ extensions: { code: 'EVENTS_MISSED' } }] }

describe.each(engineNames)('a stream under the %s engine', (engine) => {
  test('goes on after its last id on any instance: what was missed, then what happens', async () => {
    const world = await startWorld({ engine })
    const [first, second] = [await world.start(), await world.start()]
    const events = await open(first)
    await world.tell('a', 1, 2, 3)
    expect(await numbers(events, 2)).toEqual([1, 2])
    const lastId = events.lastId()
    await events.close()
    await world.tell('b', 10)
    await world.tell('a', 4)
    const again = await open(second, { lastId })
    await world.tell('a', 5)
    expect(await numbers(again, 3)).toEqual([3, 4, 5])
    await again.close()
  })

  test('that was cut off before its first event goes on from where it began', async () => {
    const world = await startWorld({ engine })
    const instance = await world.start()
    const events = await open(instance)
    await events.close()
    await world.tell('a', 1)
    const again = await open(instance, { lastId: events.lastId() })
    expect(await numbers(again, 1)).toEqual([1])
    await again.close()
  })

  test('sees nothing of a subgraph that is killed, again and again', async () => {
    const world = await startWorld({ engine })
    const events = await open(await world.start())
    for (let number = 1; number <= 9; number += 3) {
      await world.tell('a', number)
      await world.restart()
      await world.tell('a', number + 1, number + 2)
    }
    expect(await numbers(events, 9)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(world.opened()).toBeGreaterThan(0)
    await events.close()
  })

  test('sees nothing of a graph that asks the subgraph for something else', async () => {
    const world = await startWorld({ engine })
    const instance = await world.start()
    const events = await open(instance)
    const seen: unknown[] = []
    for (let number = 1; number <= 12; number += 2) {
      const graph = number % 4 === 1 ? 'text from the notes' : 'text from the feed'
      expect(await instance.offer(graphs[graph])).toBe('swapped')
      await world.tell('a', number, number + 1)
      seen.push(...(await numbers(events, 2)))
    }
    expect(seen).toEqual(Array.from({ length: 12 }, (_, index) => index + 1))
    expect(world.opened()).toBeGreaterThan(6)
    await events.close()
  })

  test('ends with a reason when the new graph does not have what it asks for', async () => {
    const world = await startWorld({ engine })
    const instance = await world.start()
    const events = await open(instance)
    expect(await instance.offer(graphs['no text'])).toBe('swapped')
    expect(await events.rest()).toMatchObject([
      { data: { errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] } },
      { name: 'complete' },
    ])
  })

  test('of a subgraph without ids ends when its line breaks, and what comes then is lost', async () => {
    const world = await startWorld({ engine, twin: true })
    const events = readEvents(await ask(await world.start()))
    while (world.opened() === 0) await Bun.sleep(1)
    await Bun.sleep(20)
    await world.tell('a', 1)
    expect(await numbers(events, 1)).toEqual([1])
    expect(events.lastId()).toBe('')
    await world.restart()
    await world.tell('a', 2)
    expect(await events.rest()).toMatchObject([
      { data: { errors: [{ extensions: { code: 'UNAVAILABLE' } }] } },
      { name: 'complete' },
    ])
  })
})

test('a stream of an instance that stops is not complete: it goes on at another one', async () => {
  const world = await startWorld()
  const [first, second] = [await world.start(), await world.start()]
  const events = await open(first)
  await world.tell('a', 1)
  expect(await numbers(events, 1)).toEqual([1])
  first.streams.drain()
  expect(await events.rest()).toEqual([])
  await world.tell('a', 2)
  const again = await open(second, { lastId: events.lastId() })
  expect(await numbers(again, 1)).toEqual([2])
  await again.close()
})

test('a reader that takes nothing for long misses nothing, and nothing piles up for it', async () => {
  const world = await startWorld()
  const response = await ask(await world.start())
  const count = 3_000
  for (let number = 1; number <= count; number += 1) await world.tell('a', number)
  const events = readEvents(response)
  await events.known()
  await world.tell('a', count + 1)
  const [first, ...seen] = await numbers(events, 3)
  expect(seen).toEqual([Number(first) + 1, Number(first) + 2])
  await events.close()
})

describe('an id', () => {
  async function idOf(world: World, person: string | null) {
    const events = await open(await world.start(), { person })
    await events.close()
    return events.lastId()
  }

  test('says nothing of what is in it, and is never the same twice', async () => {
    const world = await startWorld()
    const [one, two] = [await idOf(world, 'ada'), await idOf(world, 'ada')]
    expect(one).toMatch(/^[\w-]{40,}$/)
    expect(one).not.toBe(two)
    expect(Buffer.from(one, 'base64url').toString('latin1')).not.toContain('feed')
  })

  const others: readonly (readonly [string, Ask])[] = [
    ['somebody else', { person: 'bob' }],
    ['nobody', { person: null }],
    ['other variables', { channel: 'b' }],
    ['another operation', { query: document.replace('number text', 'number') }],
  ]
  test.each(others)('is refused for %s', async (_, about) => {
    const world = await startWorld()
    const lastId = await idOf(world, 'ada')
    const instance = await world.start()
    const mine = await open(instance, { person: 'ada', lastId })
    await mine.close()
    const response = await ask(instance, { person: 'ada', lastId, ...about })
    expect(response.status).toBe(410)
    expect(await response.json()).toMatchObject(missed)
  })

  test.each(['x', '1', 'A'.repeat(80), '../..', 'é'])(
    'that reads %p is refused',
    async (lastId) => {
      const world = await startWorld()
      const instance = await world.start()
      const response = await ask(instance, { lastId: encodeURIComponent(lastId) })
      expect(response.status).toBe(410)
    },
  )

  test('of an altered byte is refused, and so is one of another gateway', async () => {
    const world = await startWorld()
    const lastId = await idOf(world, null)
    const altered = `${lastId.slice(0, 30)}${lastId[30] === 'A' ? 'B' : 'A'}${lastId.slice(31)}`
    expect((await ask(await world.start(), { lastId: altered })).status).toBe(410)
    const other = await world.start({ key: crypto.getRandomValues(new Uint8Array(32)) })
    expect((await ask(other, { lastId })).status).toBe(410)
  })

  test('is good for five minutes, and fresh with each heartbeat', async () => {
    const world = await startWorld()
    let time = Date.now()
    const instance = await world.start({ now: () => new Date(time), heartbeatMs: 5 })
    const events = await open(instance)
    const first = events.lastId()
    time += 299_000
    const still = await open(instance, { lastId: first })
    await still.close()
    time += 2_000
    expect((await ask(instance, { lastId: first })).status).toBe(410)
    const heard = events.comments()
    while (events.comments() < heard + 2) await Bun.sleep(1)
    const fresh = await open(instance, { lastId: events.lastId() })
    await Promise.all([fresh.close(), events.close()])
  })

  test('whose first missed event is older than that is answered so, once', async () => {
    const world = await startWorld()
    const instance = await world.start()
    const events = await open(instance)
    await events.close()
    await world.bus.publish([told('a', 1, new Date(Date.now() - 400_000))])
    await world.tell('a', 2)
    const again = readEvents(await ask(instance, { lastId: events.lastId() }))
    expect(await again.rest()).toMatchObject([{ data: missed }, { name: 'complete' }])
    // A browser that connects again by itself brings none.
    expect(again.lastId()).toBe('')
    const anew = await open(instance)
    await anew.close()
  })
})
