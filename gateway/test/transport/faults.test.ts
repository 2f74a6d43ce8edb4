import { afterAll, describe, expect, test } from 'bun:test'
import { OperationTypeNode } from 'graphql'
import { AppError } from '#kit/errors'
import type { BreakerSettings } from '../../engine/transport/settings.ts'
import { eventually } from '../edge-harness.ts'
import { answerText, jsonOf, metricOf, startSubgraph, ways } from './subgraph.ts'

const started: ReturnType<typeof startSubgraph>[] = []
const start = (...options: Parameters<typeof startSubgraph>) => {
  const subgraph = startSubgraph(...options)
  started.push(subgraph)
  return subgraph
}
afterAll(() => Promise.all(started.map((one) => one.stop())))

const arrivedAt = (subgraph: { arrived: readonly unknown[] }, count: number) =>
  eventually(() => subgraph.arrived.length === count)

const mutation = { kind: OperationTypeNode.MUTATION }
const down = () => new Response('down', { status: 503 })
const firstFails = (fault: () => Response) => (_: Request, number: number) =>
  number === 1 ? fault() : jsonOf()

/** Retries without a pause, and a budget that the first request does not use up. */
const eager = { settings: { retryBudget: 5, retryPauseMs: 1 }, deps: { random: () => 0 } }

describe.each(ways)('retries over the %s transport', (way) => {
  test.each([
    ['status 503', down],
    ['status 429', () => new Response('slowly', { status: 429 })],
    ['a connection that breaks', () => broken()],
  ])('a query is asked again after %s', async (_, fault) => {
    const shop = start({ way, respond: firstFails(fault), ...eager })
    expect(await shop.ask()).toBe(answerText)
    expect(shop.arrived).toHaveLength(2)
    expect(await metricOf(shop.metrics, /protection_total\{.*retried/)).toBe(1)
  })

  test('and without retries a fault that passes costs the answer', async () => {
    const settings = { ...eager.settings, retriesMax: 0 }
    const shop = start({ way, respond: firstFails(down), ...eager, settings })
    expect(shop.ask()).rejects.toThrow('not available')
    expect(shop.arrived).toHaveLength(1)
  })

  test.each([
    ['status 503', down],
    ['a connection that breaks', () => broken()],
  ])('a mutation is never asked again, also not after %s', async (_, fault) => {
    const shop = start({ way, respond: firstFails(fault), ...eager })
    expect(shop.ask(mutation)).rejects.toThrow('not available')
    await eventually(() => shop.lines.length === 1)
    expect(shop.arrived).toHaveLength(1)
  })

  test.each([
    ['status 404', () => new Response('nothing', { status: 404 })],
    ['a redirect', () => jsonOf('{"data":{}}', { status: 307, headers: { location: '/moved' } })],
    ['a page', () => new Response('<h1>hi</h1>', { headers: { 'content-type': 'text/html' } })],
  ])('%s is not worth asking again', async (_, fault) => {
    const shop = start({ way, respond: firstFails(fault), ...eager })
    expect(shop.ask()).rejects.toThrow('not available')
    await eventually(() => shop.lines.length === 1)
    expect(shop.arrived).toHaveLength(1)
  })
})

/** A body that ends before its time; the status line has been sent by then. */
const broken = () =>
  new Response(new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) }), {
    headers: { 'content-type': 'application/json' },
  })

test('a fault that lasts is told after the last retry', async () => {
  const shop = start({ respond: down, settings: { ...eager.settings, retriesMax: 3 } })
  expect(shop.ask()).rejects.toThrow('not available')
  await eventually(() => shop.lines.length === 1)
  expect(shop.arrived).toHaveLength(4)
})

test('retries come to a tenth of the requests, however many fail', async () => {
  const shop = start({ respond: down, settings: { retryPauseMs: 1, breaker: null } })
  for (let count = 0; count < 100; count += 1) await shop.ask().catch(() => {})
  expect(shop.arrived.length).toBeGreaterThan(105)
  expect(shop.arrived.length).toBeLessThanOrEqual(111)
  const lavish = start({
    respond: down,
    settings: { retryPauseMs: 1, breaker: null, retryBudget: 3 },
  })
  for (let count = 0; count < 100; count += 1) await lavish.ask().catch(() => {})
  expect(lavish.arrived.length).toBeGreaterThan(290)
})

describe('what a subgraph says of when to come back', () => {
  const later = (seconds: string) => () =>
    new Response('later', { status: 429, headers: { 'retry-after': seconds } })

  test('is obeyed when it is soon', async () => {
    const at: number[] = []
    const fault = later('1')
    const shop = start({
      ...eager,
      respond: (request, number) => {
        at.push(performance.now())
        return firstFails(fault)(request, number)
      },
    })
    expect(await shop.ask()).toBe(answerText)
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(990)
  })

  test('ends it when it is later than anybody waits', async () => {
    const shop = start({ respond: firstFails(later('30')), ...eager })
    expect(shop.ask()).rejects.toThrow('not available')
    await eventually(() => shop.lines.length === 1)
    expect(shop.arrived).toHaveLength(1)
  })
})

test('a refusal that is an answer is told in its own words once nobody asks again', async () => {
  const told = '{"errors":[{"message":"Slowly."}]}'
  const shop = start({ respond: () => jsonOf(told, { status: 429 }), settings: { retriesMax: 0 } })
  expect(await shop.ask()).toBe(told)
})

test('nobody waits for a retry beyond the deadline', async () => {
  const caller = new AbortController()
  const shop = start({
    respond: down,
    settings: { ...eager.settings, retryPauseMs: 60_000, retryPauseMaxMs: 60_000 },
    deps: { random: () => 0.9 },
  })
  const asked = shop.ask({ signal: caller.signal })
  await arrivedAt(shop, 1)
  caller.abort(new AppError('TIMEOUT', 'Too long.'))
  expect(asked).rejects.toThrow('Too long.')
})

const breaker: BreakerSettings = {
  failureRatio: 0.5,
  windowMs: 10_000,
  requestsMin: 4,
  openMs: 5_000,
  patienceMs: 0,
}

describe('the breaker', () => {
  const startBroken = (respond: () => Response, settings: Partial<BreakerSettings> | null = {}) => {
    const clock = { ms: 0 }
    const shop = start({
      respond,
      settings: { retriesMax: 0, breaker: settings && { ...breaker, ...settings } },
      deps: { now: () => new Date(clock.ms) },
    })
    const state = () => metricOf(shop.metrics, /breaker_state\{/)
    const failures = async (count: number) => {
      for (let left = count; left > 0; left -= 1) await shop.ask().catch(() => {})
    }
    return { ...shop, clock, state, failures }
  }

  test('opens after enough failures: the subgraph is left alone, and the log says so once', async () => {
    const shop = startBroken(down)
    await shop.failures(3)
    expect(await shop.state()).toBe(0)
    await shop.failures(20)
    expect(shop.arrived).toHaveLength(4)
    expect(await shop.state()).toBe(2)
    expect(shop.lines.filter((line) => line.includes('is not asked for now'))).toHaveLength(1)
    // One line for each request that was sent, none for those that were not.
    expect(shop.lines).toHaveLength(5)
    expect(shop.ask()).rejects.toThrow('not available')
  })

  test('without it every request goes out', async () => {
    const shop = startBroken(down, null)
    await shop.failures(20)
    expect(shop.arrived).toHaveLength(20)
  })

  test('lets one request try after a while, and closes when it is answered', async () => {
    let isDown = true
    const shop = startBroken(() => (isDown ? down() : jsonOf()))
    await shop.failures(4)
    shop.clock.ms += breaker.openMs
    isDown = false
    expect(await shop.ask()).toBe(answerText)
    expect(await shop.state()).toBe(0)
    expect(shop.lines.at(-1)).toContain('answers again')
    expect(await shop.ask()).toBe(answerText)
  })

  test('opens for as long again when that fails', async () => {
    const shop = startBroken(down)
    await shop.failures(4)
    shop.clock.ms += breaker.openMs
    await shop.failures(3)
    expect(shop.arrived).toHaveLength(5)
    expect(await shop.state()).toBe(2)
    shop.clock.ms += breaker.openMs - 1
    await shop.failures(1)
    expect(shop.arrived).toHaveLength(5)
    shop.clock.ms += 1
    await shop.failures(1)
    expect(shop.arrived).toHaveLength(6)
  })

  test('forgets what is long ago', async () => {
    const shop = startBroken(down)
    await shop.failures(3)
    shop.clock.ms += 2 * breaker.windowMs
    await shop.failures(3)
    expect(shop.arrived).toHaveLength(6)
    expect(await shop.state()).toBe(0)
  })

  test.each([
    ['400', () => jsonOf('{"errors":[]}', { status: 400 })],
    ['404', () => new Response('nothing', { status: 404 })],
    ['429', () => new Response('slowly', { status: 429 })],
  ])('does not count status %s', async (_, answer) => {
    const shop = startBroken(answer)
    await shop.failures(10)
    expect(shop.arrived).toHaveLength(10)
  })

  test('does not open while most requests succeed', async () => {
    let number = 0
    const shop = startBroken(() => (++number % 3 === 0 ? down() : jsonOf()))
    await shop.failures(60)
    expect(shop.arrived).toHaveLength(60)
  })
})

describe.each([
  ['a deadline that passes', new AppError('TIMEOUT', 'Too long.'), 2],
  ['a client who leaves', new DOMException('gone', 'AbortError'), 0],
])('%s', (_, reason, expected) => {
  test.each(ways)('makes the breaker %s what it should be over the transport', async (way) => {
    const shop = start({ way, settings: { sharing: false, breaker } })
    const callers = Array.from({ length: 4 }, () => new AbortController())
    const asked = Promise.allSettled(callers.map(({ signal }) => shop.ask({ signal })))
    await arrivedAt(shop, 4)
    for (const caller of callers) caller.abort(reason)
    await asked
    expect(await metricOf(shop.metrics, /breaker_state\{/)).toBe(expected)
    expect(await metricOf(shop.metrics, /in_flight\{/)).toBe(0)
  })
})

test('a probe whose client leaves makes room for another one', async () => {
  const clock = { ms: 0 }
  const shop = start({
    respond: (_, number) => (number > 4 ? new Promise<Response>(() => {}) : down()),
    settings: { retriesMax: 0, sharing: false, breaker },
    deps: { now: () => new Date(clock.ms) },
  })
  for (let left = 4; left > 0; left -= 1) await shop.ask().catch(() => {})
  clock.ms += breaker.openMs
  const caller = new AbortController()
  const probe = shop.ask({ signal: caller.signal })
  await arrivedAt(shop, 5)
  expect(shop.ask()).rejects.toThrow('not available')
  caller.abort(new Error('gone'))
  expect(probe).rejects.toThrow('gone')
  await eventually(async () => (await metricOf(shop.metrics, /in_flight\{/)) === 0)
  void shop.ask().catch(() => {})
  await arrivedAt(shop, 6)
})

test('a deadline that leaves a subgraph no time says nothing about it', async () => {
  const settings = { sharing: false, breaker: { ...breaker, patienceMs: 60_000 } }
  const shop = start({ settings })
  const callers = Array.from({ length: 4 }, () => new AbortController())
  const asked = Promise.allSettled(callers.map(({ signal }) => shop.ask({ signal })))
  await arrivedAt(shop, 4)
  for (const caller of callers) caller.abort(new AppError('TIMEOUT', 'Too long.'))
  await asked
  expect(await metricOf(shop.metrics, /breaker_state\{/)).toBe(0)
})
