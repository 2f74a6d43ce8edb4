import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { createLog } from '#kit/log'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { redisMissing, startRedis, type TestRedis } from '../../stack/testing/redis.ts'
import { bucketsInMemory } from '../admission/bucket.memory.ts'
import { bucketsIn } from '../admission/bucket.postgres.ts'
import { bucketsInRedis } from '../admission/bucket.redis.ts'
import { type Draw, drawFrom, levelOf, type RateBuckets } from '../admission/bucket.ts'
import { connectRedis, type Redis } from '../redis.ts'

let db: TestDatabase
let server: TestRedis | null = null
const connected: Redis[] = []
const withoutRedis = redisMissing(process.env.CI === 'true')

beforeAll(async () => {
  db = await testDatabase()
  if (withoutRedis === null) server = await startRedis()
})
afterAll(async () => {
  for (const redis of connected) redis.close()
  await Promise.all([db.drop(), server?.stop()])
})

/** Two instances over what they share; memory is one instance's own. */
const keepers: Readonly<Record<string, () => readonly [RateBuckets, RateBuckets]>> = {
  memory: () => {
    const own = bucketsInMemory()
    return [own, own]
  },
  PostgreSQL: () => [bucketsIn(db.connect('gateway')), bucketsIn(db.connect('gateway'))],
  Redis: () => {
    const open = () => {
      const log = createLog({ service: 'gateway', level: 'silent' })
      const redis = connectRedis({ url: server?.url ?? '', log })
      connected.push(redis)
      return bucketsInRedis(redis)
    }
    return [open(), open()]
  },
}

const now = new Date('2027-01-04T09:00:00Z')
const limit = { perMinute: 60, burst: 10 }
const draw = (points: number, more: Partial<Draw> = {}): Draw => ({ points, limit, now, ...more })
const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000)
const newKey = () => Bun.randomUUIDv7()
const leftOf = (fullAt: number) => levelOf({ fullAt }, draw(1)).left

describe.each(Object.keys(keepers))('buckets in %s', (name) => {
  const skipped = name === 'Redis' && withoutRedis !== null
  const instances = () => keepers[name]?.() ?? [bucketsInMemory(), bucketsInMemory()]

  test.skipIf(skipped)('hold the burst, and get back so many points a minute', async () => {
    const [one, other] = instances()
    const key = newKey()
    expect((await one.draw(key, draw(7))).isTaken).toBe(true)
    const refused = await other.draw(key, draw(4))
    expect([refused.isTaken, leftOf(refused.fullAt)]).toEqual([false, 3])
    expect((await other.draw(key, draw(3))).isTaken).toBe(true)
    expect((await one.draw(key, draw(1, { now: later(0.9) }))).isTaken).toBe(false)
    expect((await one.draw(key, draw(1, { now: later(1) }))).isTaken).toBe(true)
  })

  test.skipIf(skipped)('of forty at the same instant let through what is there', async () => {
    const both = instances()
    const key = newKey()
    const draws = Array.from({ length: 40 }, (_, at) => both[at % 2]?.draw(key, draw(1)))
    expect((await Promise.all(draws)).filter((one) => one?.isTaken)).toHaveLength(10)
  })

  test.skipIf(skipped)('take back what was not spent, up to the brim', async () => {
    const [one] = instances()
    const key = newKey()
    await one.draw(key, draw(10))
    expect(leftOf((await one.draw(key, draw(-4))).fullAt)).toBe(4)
    expect(leftOf((await one.draw(key, draw(-40))).fullAt)).toBe(10)
  })

  test.skipIf(skipped)('owe a quarter of what they hold at most', async () => {
    const [one] = instances()
    const key = newKey()
    await one.draw(key, draw(1_000, { isSpent: true }))
    expect((await one.draw(key, draw(1, { now: later(3.4) }))).isTaken).toBe(false)
    expect((await one.draw(key, draw(1, { now: later(3.5) }))).isTaken).toBe(true)
  })

  test.skipIf(skipped)('let what costs more than they hold out of a full one', async () => {
    const [one] = instances()
    const key = newKey()
    expect((await one.draw(key, draw(99))).isTaken).toBe(true)
    expect((await one.draw(key, draw(99, { now: later(11) }))).isTaken).toBe(false)
    expect((await one.draw(key, draw(99, { now: later(12.5) }))).isTaken).toBe(true)
  })

  test.skipIf(skipped)('reckon as the rule does, draw for draw', async () => {
    const [one] = instances()
    const step = fc.record({
      ms: fc.integer({ min: -5_000, max: 90_000 }),
      perMinute: fc.integer({ min: 1, max: 8 }),
      burst: fc.integer({ min: 1, max: 12 }),
      points: fc.integer({ min: -3, max: 14 }),
      isSpent: fc.boolean(),
    })
    const steps = fc.array(step, { minLength: 1, maxLength: 12 })
    // Time goes on from one run to the next: a sweep may still be on its way.
    let at = Date.now()
    const property = fc.asyncProperty(steps, async (taken) => {
      const key = newKey()
      let own: number | null = null
      for (const { ms, points, isSpent, ...limit } of taken) {
        at += ms
        const next: Draw = { points, isSpent, limit, now: new Date(at) }
        const expected = drawFrom(own, next)
        expect(await one.draw(key, next)).toEqual(expected)
        own = expected.fullAt
      }
    })
    await fc.assert(property, { numRuns: 40 })
  })
})
