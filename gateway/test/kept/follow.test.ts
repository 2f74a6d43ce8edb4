import { afterEach, describe, expect, test } from 'bun:test'
import { createAlarm } from '#kit/alarm'
import type { Bus, BusEvent } from '#kit/bus'
import { topics } from '../../kept/topics.ts'
import { eventually } from '../edge-harness.ts'
import { leaUuid, said, startWorld, type World } from './world.ts'

/** A bus that a test can cut. */
function createTestBus() {
  const events: BusEvent[] = []
  const alarm = createAlarm()
  let isCut = false
  const bus: Bus = {
    publish: async () => {},
    past: async () => [],
    head: async () => {
      if (isCut) throw new Error('The bus is away.')
      return events.length
    },
    subscribe: async function* ({ topics: wanted, after, signal }) {
      let position = after
      while (!signal.aborted) {
        const next = isCut ? undefined : events[position]
        if (next) {
          position += 1
          if (wanted.includes(next.topic)) yield next
        } else await alarm.sleep(5, signal)
      }
    },
    stop: async () => {},
  }
  return {
    bus,
    cut: (cut: boolean) => {
      isCut = cut
    },
    tell: (topic: string, changes: Partial<BusEvent> = {}) => {
      events.push({
        ...{ id: Bun.randomUUIDv7(), topic, entityId: leaUuid, payload: {}, headers: {} },
        ...{ at: new Date(), position: events.length + 1, source: topic.split('.')[0] ?? '' },
        ...changes,
      })
      alarm.ring()
    },
  }
}

const worlds: World[] = []
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.kept.stop()
  said.headline = 'calm'
  said.slots = ['09:00']
})

async function startFollowing() {
  const test = createTestBus()
  const world = await startWorld({ openBus: async () => test.bus, beatMs: 10 })
  worlds.push(world)
  return { ...test, world }
}

/** Resolves when every event that was told before has been heard. */
async function heard(world: World, tell: (topic: string) => void) {
  await world.ask('Times')
  tell('bookings.booking-held')
  await eventually(async () => (await world.costOf('Times')) === 1)
}

describe('an event', () => {
  test('ends what tells of its entity, and nothing that does not', async () => {
    const { world, tell } = await startFollowing()
    await world.kept.start()
    await world.ask('Coaches')
    await world.ask('Slots')
    said.headline = 'changed'
    tell('bookings.booking-held')
    tell('users.coach-changed')
    await eventually(async () => (await world.ask('Coaches')).text.includes('changed'))
    await world.ask('Joined')
    expect(await world.costOf('Joined')).toBe(1)
    tell('users.delegation-granted')
    await heard(world, tell)
    expect(await world.costOf('Coaches')).toBe(0)
  })

  test('that came later than anything is kept ends everything', async () => {
    const { world, tell } = await startFollowing()
    await world.kept.start()
    await world.ask('Coaches')
    said.headline = 'changed'
    tell('billing.payment-failed', { at: new Date(Date.now() - 20_000) })
    await eventually(async () => (await world.ask('Coaches')).text.includes('changed'))
  })

  test('lets nobody join what began before it', async () => {
    const { world, tell } = await startFollowing()
    await world.kept.start()
    const held = Promise.withResolvers<void>()
    world.harness.broken.set('people', async () => {
      await held.promise
      return Response.json({ data: { coaches: [{ id: 'x', headline: 'before', asker: '' }] } })
    })
    const early = world.ask('Coaches')
    await eventually(() => world.asked.length === 1)
    world.harness.broken.clear()
    tell('users.coach-changed')
    await heard(world, tell)
    expect((await world.ask('Coaches')).text).toContain('calm')
    held.resolve()
    expect((await early).text).toContain('before')
    expect((await world.ask('Coaches')).text).toContain('calm')
  })
})

describe('while changes cannot be followed', () => {
  test('nothing is kept: not before the start, and not while the bus is away', async () => {
    const { world, cut } = await startFollowing()
    expect(await world.costOf('Coaches')).toBe(1)
    expect(await world.costOf('Coaches')).toBe(1)
    await world.kept.start()
    expect(await world.costOf('Coaches')).toBe(1)
    expect(await world.costOf('Coaches')).toBe(0)
    cut(true)
    await eventually(async () => (await world.costOf('Coaches')) === 1)
    expect(await world.costOf('Coaches')).toBe(1)
    expect(await world.costOf('Joined')).toBe(2)
    expect(await world.costOf('Joined')).toBe(2)
    said.headline = 'changed'
    cut(false)
    await eventually(async () => (await world.costOf('Coaches')) === 0)
    expect((await world.ask('Coaches')).text).toContain('changed')
  })
})

test('the bus is asked for every topic that ends something, and for no other', async () => {
  const migration = await Bun.file(
    `${import.meta.dir}/../../migrations/0008_followed_event.sql`,
  ).text()
  const named = [...migration.matchAll(/'([a-z]+\.[a-z-]+)'/g)].map(([, topic]) => topic)
  expect(named.sort()).toEqual([...topics].sort())
})
