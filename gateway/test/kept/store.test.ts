import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createLog } from '#kit/log'
import { redisMissing, startRedis } from '../../../stack/testing/redis.ts'
import { createMemoryStore } from '../../kept/store.memory.ts'
import { createRedisStore } from '../../kept/store.redis.ts'
import { createTiers } from '../../kept/tiers.ts'
import { connectRedis, type Redis } from '../../redis.ts'
import { eventually } from '../edge-harness.ts'
import { entryOf, storeContract } from './store.contract.ts'

const nowMs = () => Date.now()
const memory = (bytesMax = 1_000_000, entriesMax = 1_000) =>
  createMemoryStore({ entriesMax, bytesMax, nowMs })
const silent = { log: createLog({ service: 'gateway', level: 'silent' }), nowMs }

describe('answers in memory', () => {
  const store = memory()
  storeContract(async () => ({ one: store, other: store }))

  test('take no more than their bytes, and the oldest makes room', async () => {
    const small = memory(10_000)
    for (let at = 0; at < 50; at += 1)
      small.now.put(`key ${at}`, entryOf('x'.repeat(500), { tags: [`tag ${at}`] }), '0')
    expect(small.held().bytes).toBeLessThanOrEqual(10_000)
    expect(small.held().entries).toBeGreaterThan(3)
    expect(small.now.find('key 0').entry).toBeNull()
    expect(small.now.find('key 49').entry).not.toBeNull()
    expect(small.now.put('huge', entryOf('x'.repeat(9_000)), '0')).toBe(false)
    expect(small.now.drop(['tag 0'])).toBe(0)
  })

  test('remember only so many drops, and take what began before those as late', async () => {
    const store = memory()
    const { mark } = store.now.find('key')
    for (let at = 0; at < 11_000; at += 1) store.now.drop([`tag ${at}`])
    expect(store.now.put('key', entryOf('1', { tags: ['unconcerned'] }), mark)).toBe(false)
  })
})

const missing = redisMissing(process.env.CI === 'true')

describe.skipIf(missing !== null)(`answers in Redis${missing ? ` (${missing})` : ''}`, () => {
  let server: Awaited<ReturnType<typeof startRedis>>
  let redis: Redis
  beforeAll(async () => {
    server = await startRedis()
    redis = connectRedis({ url: server.url, log: silent.log })
  })
  afterAll(async () => {
    redis?.close()
    await server?.stop()
  })
  storeContract(async () => ({
    one: createRedisStore(redis, { nowMs }),
    other: createRedisStore(redis, { nowMs }),
  }))

  test('are given to an instance that has not made them, and end there with a drop elsewhere', async () => {
    const tiersOf = () =>
      createTiers({
        ...{ memory: memory(), shared: createRedisStore(redis, { nowMs, space: 'tiers' }) },
        ...silent,
      })
    const [one, other] = [tiersOf(), tiersOf()]
    const { mark } = await one.find('key')
    one.put('key', entryOf('1', { tags: ['tiers'] }), mark)
    await eventually(async () => (await other.find('key')).entry?.text === '1')
    other.drop(['tiers'])
    expect((await other.find('key')).entry).toBeNull()
  })

  test('that is away leave each instance on its own, and nothing that was dropped comes back', async () => {
    const mine = await startRedis()
    const client = connectRedis({ url: mine.url, log: silent.log })
    const own = memory()
    let now = Date.now()
    const clock = { nowMs: () => now, log: silent.log }
    const shared = createRedisStore(client, clock)
    const tiers = createTiers({ memory: own, shared, ...clock })
    const { mark } = await tiers.find('key')
    tiers.put('key', entryOf('old', { tags: ['gone'] }), mark)
    await eventually(async () => (await shared.find('key')).entry !== null)
    // Cut off, but with all that it holds: commands fail, as behind a broken line.
    const { send } = client
    let isCut = true
    client.send = (...asked) => (isCut ? Promise.reject(new Error('cut')) : send(...asked))
    tiers.drop(['gone'])
    expect((await tiers.find('key')).entry).toBeNull()
    const own2 = await tiers.find('other')
    expect(tiers.put('other', entryOf('alone', { tags: [] }), own2.mark)).toBe(true)
    expect((await tiers.find('other')).entry?.text).toBe('alone')
    isCut = false
    now += 1_500
    expect((await shared.find('key')).entry?.text).toBe('old')
    expect((await tiers.find('key')).entry).toBeNull()
    expect((await shared.find('key')).entry).toBeNull()
    client.close()
    await mine.stop()
  })

  test('are reached again after the server was away', async () => {
    let mine = await startRedis()
    const client = connectRedis({ url: mine.url, log: silent.log })
    await client.send('PING', [])
    await mine.stop()
    const startedAt = performance.now()
    await expect(client.send('PING', [])).rejects.toThrow()
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    mine = await startRedis(mine.port)
    await eventually(async () => (await client.send('PING', []).catch(() => '')) === 'PONG')
    client.close()
    await mine.stop()
  })
})
