import { describe, expect, test } from 'bun:test'
import type { ExecutionResult } from 'graphql'
import { type Engine, variantOf } from '../../engine/engine.ts'
import type { Transport } from '../../engine/transport/transport.ts'
import { eventually } from '../edge-harness.ts'
import { engines } from '../federation/harness/engines.ts'
import { exchange, graphs, liveShop, openShop } from './shop.ts'

const nobody = variantOf(null)

const run = async (engine: Engine, document: string, variables = {}) =>
  (await engine.prepare(document, null, nobody)).execute({ variables, exchange: exchange() })

const query = '{ items { id label left } }'
const items = ['1', '2', '3'].map((id) => ({ id, label: `item ${id}`, left: Number(id) * 10 }))
const sale = 'mutation ($ticket: ID!) { sell(ticket: $ticket) }'

const opened = async (engine: Engine, document: string) => {
  const ended = new AbortController()
  const prepared = await engine.prepare(document, null, nobody)
  const result = await prepared.subscribe({ variables: {}, exchange: exchange(ended.signal) })
  if (!(Symbol.asyncIterator in result)) throw new Error(JSON.stringify(result))
  const iterator: AsyncIterator<ExecutionResult> = result[Symbol.asyncIterator]()
  return { next: () => iterator.next(), end: () => ended.abort() }
}

const subscription = 'subscription { sold(shop: "s") { id label left } }'
const eventOf = (id: string) => ({
  done: false,
  value: { data: { sold: { id, label: `item ${id}`, left: Number(id) * 10 } } },
})

describe.each([...engines])('a graph that is swapped under the $name engine', (named) => {
  test('100 swaps under load: nothing fails, nothing is wrong, no mutation runs twice', async () => {
    const shop = openShop()
    const live = await liveShop(shop, named, { registered: [query] })
    const turns = [graphs['label from the stock'], graphs['label from the shop']]
    const answers: Promise<ExecutionResult>[] = []
    const sold: Promise<ExecutionResult>[] = []
    const outcomes: string[] = []
    for (let turn = 0; turn < 100; turn++) {
      for (let request = 0; request < 5; request++) {
        answers.push(run(live.engine, query))
        sold.push(run(live.engine, sale, { ticket: `t${sold.length}` }))
        // Some are just prepared, some wait for a subgraph, when the graph is swapped.
        await new Promise((resolve) => setImmediate(resolve))
      }
      outcomes.push(await live.offer(turns[turn % 2] ?? ''))
    }
    expect(outcomes).toEqual(Array(100).fill('swapped'))
    for (const answer of await Promise.all(answers)) expect(answer).toEqual({ data: { items } })
    for (const answer of await Promise.all(sold)) expect(answer).toEqual({ data: { sell: 1 } })
    expect(shop.sales.size).toBe(500)
    expect(shop.journal.invalid).toEqual([])
  }, 60_000)

  test('an operation that was prepared before is finished as it was prepared', async () => {
    const shop = openShop()
    const live = await liveShop(shop, named)
    const prepared = await live.engine.prepare('{ items { label } }', null, nobody)
    expect(await live.offer(graphs['no label'])).toBe('swapped')
    const answer = await prepared.execute({ variables: {}, exchange: exchange() })
    expect(answer).toEqual({ data: { items: items.map(({ label }) => ({ label })) } })
    await expect(live.engine.prepare('{ items { label } }', null, nobody)).rejects.toThrow()
  })

  test('a stream goes on under the new graph, over the line that it has', async () => {
    const shop = openShop()
    const live = await liveShop(shop, named)
    const stream = await opened(live.engine, 'subscription { sold(shop: "s") { id left } }')
    const next = stream.next()
    await eventually(async () => shop.sell('1'))
    expect((await next).value).toEqual({ data: { sold: { id: '1', left: 10 } } })
    expect(await live.offer(graphs['label from the stock'])).toBe('swapped')
    const after = stream.next()
    shop.sell('2')
    expect((await after).value).toEqual({ data: { sold: { id: '2', left: 20 } } })
    expect(shop.opened.times).toBe(1)
    stream.end()
    await eventually(async () => shop.listeners() === 0)
  })

  test('no event is lost or told twice when its stream has to be opened anew', async () => {
    const shop = openShop()
    const live = await liveShop(shop, named)
    const stream = await opened(live.engine, subscription)
    const first = stream.next()
    await eventually(async () => shop.sell('1'))
    expect(await first).toEqual(eventOf('1'))
    // The next graph needs the code of an item, which nobody asked for until now.
    expect(await live.offer(graphs['label by code'])).toBe('swapped')
    for (const id of ['2', '3']) {
      const next = stream.next()
      shop.sell(id)
      expect(await next).toEqual(eventOf(id))
    }
    expect(shop.opened.times).toBe(2)
    expect(shop.journal.invalid).toEqual([])
    await eventually(async () => shop.listeners() === 1)
    stream.end()
    await eventually(async () => shop.listeners() === 0)
  })

  test('what is told while a line is opened anew is told once at most', async () => {
    const shop = openShop()
    const gate = Promise.withResolvers<void>()
    let lines = 0
    const slow: Transport = async (request, asking) => {
      if (request.kind === 'subscription') {
        lines += 1
        if (lines > 1) await gate.promise
      }
      return shop.transports.get('shop')?.(request, asking) ?? ''
    }
    const transports = new Map([...shop.transports, ['shop', slow]])
    const live = await liveShop({ ...shop, transports }, named)
    const stream = await opened(live.engine, subscription)
    const first = stream.next()
    await eventually(async () => shop.sell('1'))
    expect(await first).toEqual(eventOf('1'))
    await live.offer(graphs['label by code'])
    const second = stream.next()
    shop.sell('2')
    await eventually(async () => lines === 2)
    // Only the old line hears of it.
    shop.sell('3')
    gate.resolve()
    expect(await second).toEqual(eventOf('2'))
    const last = stream.next()
    await eventually(async () => shop.listeners() === 1)
    shop.sell('1')
    expect(await last).toEqual(eventOf('1'))
    stream.end()
    await eventually(async () => shop.listeners() === 0)
  })

  test('a stream that the new graph cannot answer ends at once, and says why', async () => {
    const shop = openShop()
    const live = await liveShop(shop, named)
    const stream = await opened(live.engine, subscription)
    const next = stream.next()
    await eventually(async () => shop.listeners() === 1)
    expect(await live.offer(graphs['no label'])).toBe('swapped')
    await expect(next).rejects.toThrow('does not fit it any more')
    await eventually(async () => shop.listeners() === 0)
  })

  const bad: readonly (readonly [string, string, string])[] = [
    ['is no GraphQL', 'type Query {', 'Syntax Error'],
    ['no engine executes', graphs['no label'].replace('join/v0.5', 'join/v0.9'), 'join up to v0.5'],
    [
      'lacks what a registered operation asks for',
      graphs['no label'],
      'Labels (Cannot query field',
    ],
  ]
  test.each(bad)('a graph that %s is refused, and the old one serves on', async (_, sdl, why) => {
    const shop = openShop()
    const live = await liveShop(shop, named, { registered: [query] })
    expect(await live.offer(sdl)).toBe('refused')
    expect(await run(live.engine, query)).toEqual({ data: { items } })
    expect(live.lines.at(-1)).toContain('was refused')
    expect(live.lines.at(-1)).toContain(why)
    expect(await live.metrics.text()).toMatch(/supergraph_offers_total\{outcome="refused".*\} 1/)
    expect(await live.offer(graphs['label from the stock'])).toBe('swapped')
  })

  test('the same text again changes nothing', async () => {
    const live = await liveShop(openShop(), named)
    const { engine } = live.current()
    expect(await live.offer(graphs['label from the shop'])).toBe('unchanged')
    expect(live.current().engine).toBe(engine)
  })
})
