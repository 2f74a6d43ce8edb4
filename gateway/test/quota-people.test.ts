import { describe, expect, test } from 'bun:test'
import { createLog } from '#kit/log'
import { bucketsInMemory } from '../admission/bucket.memory.ts'
import type { RateBuckets } from '../admission/bucket.ts'
import { createQuota } from '../admission/quota.ts'
import { quotaDefaults, steady } from '../admission/quota-limits.ts'
import { type Exchange, exchangeOf } from '../exchange.ts'

const limits = { ...quotaDefaults, person: steady(1_000), address: steady(2_000) }

/** Instances over one count, which is asked and answers as a test says. */
function world() {
  const clock = { ms: Date.parse('2027-01-04T09:00:00Z') }
  const own = bucketsInMemory()
  const asked: number[] = []
  const count: RateBuckets = {
    draw: (key, draw) => {
      asked.push(draw.points)
      return own.draw(key, draw)
    },
  }
  const instance = (buckets: RateBuckets = count) =>
    createQuota({
      ...{ buckets, webClientId: 'web', limits, now: () => new Date(clock.ms) },
      log: createLog({ service: 'gateway', level: 'silent' }),
    })
  return { clock, asked, instance, own }
}

const person = { roles: [], scopes: new Set(['self']), acr: '1', actor: null, sessionId: 's' }

function exchangeWith(change: Partial<Exchange>, clientAddress = '192.0.2.7'): Exchange {
  const request = new Request('http://localhost:3000/graphql')
  const info = { requestId: 'request-1', clientAddress }
  return Object.assign(exchangeOf(request, info, request.signal), change)
}
const ada = () => exchangeWith({ viewer: { ...person, id: 'ada' }, credential: 'session' })

/** How many operations of so many points come through, one after the other. */
async function through(
  quota: ReturnType<typeof createQuota>,
  { of = ada, points, times }: { of?: () => Exchange; points: number; times: number },
) {
  let count = 0
  for (let at = 0; at < times; at += 1) {
    const drawing = await quota(of(), points).catch(() => null)
    if (drawing) count += 1
    drawing?.settle(points)
  }
  return count
}

describe('a person', () => {
  test('who looks at pages asks no shared count at all', async () => {
    const { instance, asked, clock } = world()
    const quota = instance()
    for (let minute = 0; minute < 10; minute += 1) {
      expect(await through(quota, { points: 10, times: 4 })).toBe(4)
      clock.ms += 60_000
    }
    // Twice in five seconds a share that is worth telling would have been told.
    expect(asked.length).toBeLessThanOrEqual(10)
  })

  test('is refused past the limit, with how it stands and when to come back', async () => {
    const { instance } = world()
    const quota = instance()
    expect(await through(quota, { points: 100, times: 20 })).toBe(10)
    const exchange = ada()
    const refused = await quota(exchange, 100).catch((error: unknown) => error)
    expect(refused).toMatchObject({
      message: 'You may spend 1000 points a minute. Wait 6 s.',
      extensions: { code: 'RATE_LIMITED', http: { headers: { 'retry-after': '6' } } },
    })
    expect(exchange.responseHeaders.get('ratelimit')).toBe('"person";r=0;t=60')
    expect(exchange.responseHeaders.get('ratelimit-policy')).toBe(
      '"person";q=1000;qu="points";w=60',
    )
  })

  test('of three instances gets a tenth of the limit more from each at most', async () => {
    const { instance } = world()
    const instances = [instance(), instance(), instance()]
    let spent = 0
    for (let round = 0; round < 200; round += 1)
      for (const quota of instances) spent += await through(quota, { points: 5, times: 1 })
    expect(spent * 5).toBeGreaterThanOrEqual(1_000)
    expect(spent * 5).toBeLessThanOrEqual(1_300)
  })

  test('negative control: instances that tell each other nothing let through three times as much', async () => {
    const { instance } = world()
    const away = () => instance({ draw: () => Promise.reject(new Error('away')) })
    let spent = 0
    for (const quota of [away(), away(), away()])
      spent += await through(quota, { points: 5, times: 400 })
    expect(spent * 5).toBe(3_000)
  })

  test('gets back what an answer did not cost, and pays for what it cost beyond', async () => {
    const { instance } = world()
    const quota = instance()
    for (let times = 0; times < 50; times += 1) (await quota(ada(), 500))?.settle(10)
    expect(await through(quota, { points: 600, times: 1 })).toBe(0)
    ;(await quota(ada(), 400))?.settle(0)
    // At least a point, however little it was.
    expect(await through(quota, { points: 500, times: 1 })).toBe(0)
    expect(await through(quota, { points: 499, times: 1 })).toBe(1)
    const dear = instance()
    ;(await dear(ada(), 1))?.settle(5_000)
    expect(await through(dear, { points: 1, times: 1 })).toBe(0)
  })

  test('who acts for somebody else spends points of their own', async () => {
    const { instance } = world()
    const quota = instance()
    const acting = () =>
      exchangeWith({ viewer: { ...person, id: 'ada', actor: 'sam' }, credential: 'session' })
    expect(await through(quota, { of: acting, points: 500, times: 3 })).toBe(2)
    expect(await through(quota, { points: 500, times: 3 })).toBe(2)
  })
})

describe('nobody', () => {
  const from = (address: string) => () => exchangeWith({}, address)

  test('is counted by the network, which in version 6 is the first half', async () => {
    const { instance } = world()
    const quota = instance()
    const points = { points: 2_000, times: 1 }
    expect(await through(quota, { of: from('2001:db8:0:7::1'), ...points })).toBe(1)
    expect(await through(quota, { of: from('2001:db8:0:7:a:b:c:d'), ...points })).toBe(0)
    expect(await through(quota, { of: from('2001:db8:0:8::1'), ...points })).toBe(1)
    expect(await through(quota, { of: from('192.0.2.1'), ...points })).toBe(1)
    expect(await through(quota, { of: from('192.0.2.1'), ...points })).toBe(0)
    expect(await through(quota, { of: from('192.0.2.2'), ...points })).toBe(1)
  })

  test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', ''])('is not counted at %p', async (own) => {
    const { instance } = world()
    expect(await instance()(exchangeWith({}, own), 1e9)).toBeNull()
  })
})

describe('a program with a plan', () => {
  const program = (change: Partial<Exchange> = {}) =>
    exchangeWith({
      ...{ credential: 'bearer', clientId: 'club', viewer: { ...person, id: 'club' } },
      allowance: { pointsPerMinute: 600, burst: 100, costMax: 50, concurrency: 2 },
      ...change,
    })

  test('has what it says, and gets it back at its pace', async () => {
    const { instance, clock } = world()
    const quota = instance()
    const exchange = program()
    const drawing = await quota(exchange, 60)
    expect(exchange.responseHeaders.get('ratelimit-policy')).toBe('"client";q=100;qu="points";w=10')
    expect(exchange.responseHeaders.get('ratelimit')).toBe('"client";r=40;t=6')
    drawing?.settle(10)
    expect(exchange.responseHeaders.get('ratelimit')).toBe('"client";r=90;t=1')
    expect(await through(quota, { of: program, points: 45, times: 5 })).toBe(2)
    clock.ms += 10_000
    expect(await through(quota, { of: program, points: 50, times: 5 })).toBe(2)
  })

  test('learns of what another instance gave back to it', async () => {
    const { instance, clock } = world()
    const [one, other] = [instance(), instance()]
    const drawing = await one(program(), 100)
    await expect(other(program(), 50)).rejects.toThrow('may spend')
    drawing?.settle(1)
    await Bun.sleep(0)
    clock.ms += 250
    expect(await through(other, { of: program, points: 50, times: 1 })).toBe(1)
  })

  test('runs so many operations at a time', async () => {
    const { instance } = world()
    const quota = instance()
    const running = [await quota(program(), 1), await quota(program(), 1)]
    await expect(quota(program(), 1)).rejects.toThrow('may run 2 operations at a time')
    running[0]?.settle(1)
    running[0]?.settle(1)
    expect(await through(quota, { of: program, points: 1, times: 3 })).toBe(3)
  })

  test('that acts for a person spends the points of both, or of neither', async () => {
    const { instance } = world()
    const quota = instance()
    const acting = () => program({ viewer: { ...person, id: 'ada' } })
    expect(await through(quota, { of: acting, points: 50, times: 4 })).toBe(2)
    expect(await through(quota, { points: 900, times: 1 })).toBe(1)
    expect(await through(quota, { points: 1, times: 1 })).toBe(0)
  })
})
