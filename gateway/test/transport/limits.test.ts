import { afterAll, describe, expect, test } from 'bun:test'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { OperationTypeNode } from 'graphql'
import { createLog } from '#kit/log'
import { forwarding } from '../../engine/transport/credentials.ts'
import { transportTo } from '../../engine/transport/index.ts'
import { eventually } from '../edge-harness.ts'
import { answerText, exchangeFor, jsonOf, metricOf, startSubgraph, ways } from './subgraph.ts'

const started: ReturnType<typeof startSubgraph>[] = []
const start = (...options: Parameters<typeof startSubgraph>) => {
  const subgraph = startSubgraph(...options)
  started.push(subgraph)
  return subgraph
}
afterAll(() => Promise.all(started.map((one) => one.stop())))

const arrivedAt = (subgraph: { arrived: readonly unknown[] }, count: number) =>
  eventually(() => subgraph.arrived.length === count)

const many = (count: number) => Array.from({ length: count }, () => new AbortController())

describe.each(ways)('over the %s transport', (way) => {
  const two = { sharing: false, concurrencyMax: 2, queueMax: 3 }

  test('only so many requests are in flight, and the others go in their order', async () => {
    const shop = start({ way, settings: two })
    const bodies = ['1', '2', '3', '4', '5']
    const answers = Promise.all(bodies.map((body) => shop.ask({ body })))
    await arrivedAt(shop, 2)
    expect(await metricOf(shop.metrics, /in_flight\{/)).toBe(2)
    expect(await metricOf(shop.metrics, /waiting\{/)).toBe(3)
    for (const [index] of bodies.entries()) {
      await eventually(() => shop.arrived.length > index)
      expect(shop.arrived.length).toBeLessThanOrEqual(index + 2)
      shop.arrived[index]?.answer()
    }
    expect(await answers).toEqual(bodies.map(() => answerText))
    expect(shop.arrived.slice(2).map(({ body }) => body)).toEqual(['3', '4', '5'])
    expect(await metricOf(shop.metrics, /in_flight\{/)).toBe(0)
  })

  test('without a limit all of them are', async () => {
    const shop = start({ way, settings: { sharing: false } })
    const answers = Promise.all(many(20).map(() => shop.ask()))
    await arrivedAt(shop, 20)
    for (const one of shop.arrived) one.answer()
    expect(await answers).toHaveLength(20)
  })

  test('more than may wait are refused at once, and nothing is wrong with the subgraph', async () => {
    const shop = start({ way, settings: two })
    const answers = many(5).map(() => shop.ask())
    await arrivedAt(shop, 2)
    expect(shop.ask()).rejects.toThrow('not available')
    expect(shop.lines.join('')).toContain('3 requests wait for it already')
    expect(await metricOf(shop.metrics, /breaker_state\{/)).toBe(0)
    for (const [index] of answers.entries()) {
      await eventually(() => shop.arrived.length > index)
      shop.arrived[index]?.answer()
    }
    await Promise.all(answers)
  })

  test('who leaves the queue is never sent, and costs nobody else their turn', async () => {
    const shop = start({ way, settings: { ...two, concurrencyMax: 1 } })
    const caller = new AbortController()
    const first = shop.ask({ body: '1' })
    const left = shop.ask({ body: '2', signal: caller.signal })
    const last = shop.ask({ body: '3' })
    await arrivedAt(shop, 1)
    caller.abort(new Error('gone'))
    expect(left).rejects.toThrow('gone')
    shop.arrived[0]?.answer()
    await arrivedAt(shop, 2)
    shop.arrived[1]?.answer()
    expect(await Promise.all([first, last])).toEqual([answerText, answerText])
    expect(shop.arrived.map(({ body }) => body)).toEqual(['1', '3'])
  })

  test('a stream that has opened takes no place', async () => {
    const stream = () =>
      new Response(
        new ReadableStream<Uint8Array>({
          start: (controller) => controller.enqueue(new TextEncoder().encode(':\n\n')),
        }),
        { headers: { 'content-type': 'text/event-stream' } },
      )
    const shop = start({
      way,
      settings: { ...two, concurrencyMax: 1 },
      respond: (_, number) => (number === 1 ? stream() : jsonOf()),
    })
    const caller = new AbortController()
    await shop.ask({ kind: OperationTypeNode.SUBSCRIPTION, signal: caller.signal })
    expect(await shop.ask()).toBe(answerText)
    caller.abort()
  })
})

describe.each(ways)('an answer over the %s transport', (way) => {
  const long = JSON.stringify({ data: { n: 'x'.repeat(1_000) } })
  const inPieces = () =>
    new Response(
      new ReadableStream<Uint8Array>({
        start: (controller) => {
          for (let at = 0; at < long.length; at += 100)
            controller.enqueue(new TextEncoder().encode(long.slice(at, at + 100)))
          controller.close()
        },
      }),
      { headers: { 'content-type': 'application/json' } },
    )
  const kinds = [
    ['at once', () => jsonOf(long)],
    ['in pieces', inPieces],
  ] as const

  test.each(kinds)('that is too long is none: %s', async (_, respond) => {
    const shop = start({ way, respond, settings: { answerBytesMax: 500, breaker: null } })
    expect(shop.ask()).rejects.toThrow('not available')
    expect(shop.lines.join('')).toContain('longer than 500 bytes')
  })

  test.each(kinds)('within the limit is read: %s', async (_, respond) => {
    const shop = start({ way, respond, settings: { answerBytesMax: long.length } })
    expect(await shop.ask()).toBe(long)
  })
})

describe('a compressed answer', () => {
  const big = JSON.stringify({ data: { n: ' '.repeat(50_000_000) } })
  test.each([
    ['gzip', gzipSync(big)],
    ['br', brotliCompressSync(big)],
  ])('counts as what it is once it is decompressed: %s', async (encoding, bytes) => {
    expect(bytes.byteLength).toBeLessThan(100_000)
    const headers = { 'content-type': 'application/json', 'content-encoding': encoding }
    const options = { way: 'http' as const, respond: () => new Response(bytes, { headers }) }
    const shop = start({ ...options, settings: { answerBytesMax: 1_000_000 } })
    expect(shop.ask()).rejects.toThrow('not available')
    expect(shop.lines.join('')).toContain('longer than 1000000 bytes')
    const open = start({ ...options, settings: { answerBytesMax: 100_000_000 } })
    expect(await open.ask()).toHaveLength(big.length)
  })

  test('is not asked for: within a network it costs more than it saves', async () => {
    const shop = start({ way: 'http', respond: () => jsonOf() })
    await shop.ask()
    expect(shop.arrived[0]?.request.headers.get('accept-encoding')).toBe('identity')
  })
})

describe.each(ways)('a hedge over the %s transport', (way) => {
  test('asks a slow query again; the first answer counts, the other is given up', async () => {
    const shop = start({ way, settings: { hedgeMs: 20 } })
    const answer = shop.ask()
    await arrivedAt(shop, 2)
    shop.arrived[1]?.answer()
    expect(await answer).toBe(answerText)
    await shop.arrived[0]?.left
    await eventually(async () => (await metricOf(shop.metrics, /in_flight\{/)) === 0)
    expect(await metricOf(shop.metrics, /protection_total\{.*hedged/)).toBe(1)
  })

  test('does not exist for who did not ask for it', async () => {
    const shop = start({ way })
    const answer = shop.ask()
    await arrivedAt(shop, 1)
    const hasCome = await Promise.race([answer.then(() => true), Bun.sleep(100).then(() => false)])
    expect([hasCome, shop.arrived.length]).toEqual([false, 1])
    shop.arrived[0]?.answer()
    await answer
  })

  test('is for queries only, and not for those that are answered soon', async () => {
    const slow = start({ way, settings: { hedgeMs: 5 } })
    const mutation = slow.ask({ kind: OperationTypeNode.MUTATION })
    await arrivedAt(slow, 1)
    await Bun.sleep(50)
    slow.arrived[0]?.answer()
    await mutation
    expect(slow.arrived).toHaveLength(1)
    const quick = start({ way, respond: () => jsonOf(), settings: { hedgeMs: 1_000 } })
    await quick.ask()
    expect(quick.arrived).toHaveLength(1)
  })

  test('keeps to the budget of retries', async () => {
    const shop = start({ way, settings: { hedgeMs: 5, sharing: false } })
    const answers = Promise.all(many(5).map(() => shop.ask()))
    await eventually(() => shop.arrived.length > 5)
    await Bun.sleep(50)
    expect(shop.arrived).toHaveLength(6)
    for (const one of shop.arrived) one.answer()
    expect(await answers).toHaveLength(5)
  })

  test('fails when both fail', async () => {
    const shop = start({ way, settings: { hedgeMs: 10, retriesMax: 0 } })
    const answer = shop.ask()
    await arrivedAt(shop, 2)
    for (const one of shop.arrived) one.answer(new Response('down', { status: 503 }))
    expect(answer).rejects.toThrow('not available')
  })
})

test('whoever asks and leaves is noticed by the subgraph across the network', async () => {
  const shop = start({ way: 'http', settings: { sharing: false } })
  const callers = new Map([
    [OperationTypeNode.QUERY, new AbortController()],
    [OperationTypeNode.MUTATION, new AbortController()],
  ])
  const asked = Promise.allSettled(
    [...callers].map(([kind, { signal }]) => shop.ask({ signal, kind })),
  )
  await arrivedAt(shop, 2)
  for (const caller of callers.values()) caller.abort(new Error('gone'))
  await asked
  await Promise.all(shop.arrived.map(({ left }) => left))
})

test('a mutation in this process is left to end: it may have done half of its work', async () => {
  const shop = start()
  const caller = new AbortController()
  const asked = shop.ask({ signal: caller.signal, kind: OperationTypeNode.MUTATION })
  await arrivedAt(shop, 1)
  caller.abort(new Error('gone'))
  expect(asked).rejects.toThrow('gone')
  expect(shop.arrived[0]?.request.signal.aborted).toBe(false)
})

test('requests one after the other go over one connection', async () => {
  const ports = new Set<number | undefined>()
  const server = Bun.serve({
    port: 0,
    fetch: (request, server) => {
      ports.add(server.requestIP(request)?.port)
      return jsonOf()
    },
  })
  const transport = transportTo(
    { name: 'shop', url: `http://127.0.0.1:${server.port}/graphql` },
    { credentials: forwarding([]), log: createLog({ service: 'test', write: () => {} }) },
  )
  for (let count = 0; count < 20; count += 1)
    await transport({ body: '{}', kind: OperationTypeNode.QUERY }, exchangeFor({}))
  expect(ports.size).toBe(1)
  await server.stop(true)
})
