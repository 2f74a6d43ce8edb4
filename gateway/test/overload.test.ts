import { describe, expect, test } from 'bun:test'
import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import { serve } from '#kit/serve'
import { createLimiter, createOverload, type Limiter } from '../overload.ts'
import { eventually } from './edge-harness.ts'

const settings = { concurrencyMax: 100, concurrencyMin: 4 }

/** Fills all the places that there are; how many came in. */
function fill(limiter: Limiter): number {
  let count = 0
  while (limiter.enter()) count += 1
  return count
}
const leaveAll = (limiter: Limiter) => {
  while (limiter.inFlight > 0) limiter.leave()
}

/** As many as come in when there are always more, until it makes no difference any more. */
function grown(limiter: Limiter): number {
  for (let at = 0; at < 100; at += 1) {
    fill(limiter)
    limiter.sampled(false)
  }
  const { limit } = limiter
  leaveAll(limiter)
  return limit
}

describe('how many are answered at a time', () => {
  test('grows by a tenth while all places are taken, up to the bound, however idle the process is', () => {
    const limiter = createLimiter(settings)
    expect(fill(limiter)).toBe(4)
    limiter.sampled(false)
    expect(limiter.limit).toBe(5)
    expect(grown(limiter)).toBe(100)
  })

  test('is less while the process is busy, down to a few, and never none', () => {
    const limiter = createLimiter(settings)
    grown(limiter)
    limiter.sampled(false)
    const seen: number[] = []
    for (let at = 0; at < 30; at += 1) {
      fill(limiter)
      limiter.sampled(true)
      leaveAll(limiter)
      seen.push(limiter.limit)
    }
    expect(seen.slice(0, 3)).toEqual([80, 64, 51])
    expect(seen.at(-1)).toBe(4)
  })

  test('does not grow where places are left', () => {
    const limiter = createLimiter(settings)
    for (let at = 0; at < 3; at += 1) limiter.enter()
    for (let at = 0; at < 10; at += 1) limiter.sampled(false)
    expect(limiter.limit).toBe(4)
  })

  test('is few again after a quiet time', () => {
    const limiter = createLimiter(settings)
    grown(limiter)
    for (let at = 0; at < 30; at += 1) limiter.sampled(false)
    expect(limiter.limit).toBe(4)
  })
})

describe('a request for which there is no place', () => {
  const overload = createOverload({
    settings: { concurrencyMax: 1, concurrencyMin: 1, lagMs: 10 },
    metrics: createMetrics('gateway', { ofProcess: false }),
  })

  test('is refused at once, with when to come back, and nothing is done for it; probes are answered', async () => {
    const first = Promise.withResolvers<Response>()
    const asked: string[] = []
    const server = await serve({
      ...{ service: 'gateway', port: 0, portSetting: 'PORT', gate: overload },
      log: createLog({ service: 'gateway', level: 'silent' }),
      metrics: createMetrics('gateway', { ofProcess: false }),
      fetch: (request) => {
        asked.push(new URL(request.url).pathname)
        return asked.length === 1 ? first.promise : Promise.reject(new Error('gone'))
      },
    })
    const at = (path: string) => fetch(new URL(path, server.url))
    const answered = at('/first')
    await eventually(() => asked.length === 1)
    const refused = await at('/second')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
    expect((await refused.json()).errors[0].extensions).toMatchObject({ code: 'UNAVAILABLE' })
    expect((await at('/healthz')).status).toBe(200)
    first.resolve(new Response('the first'))
    expect(await (await answered).text()).toBe('the first')
    // Who fails leaves a place as well.
    for (const _ of [1, 2]) expect((await at('/third')).status).toBe(500)
    expect(asked).toEqual(['/first', '/third', '/third'])
    await server.stop()
  })
})
