import { afterAll, describe, expect, test } from 'bun:test'
import { OperationTypeNode } from 'graphql'
import { eventually } from '../edge-harness.ts'
import { answerText, metricOf, startSubgraph, ways } from './subgraph.ts'

const started: ReturnType<typeof startSubgraph>[] = []
const start = (...options: Parameters<typeof startSubgraph>) => {
  const subgraph = startSubgraph(...options)
  started.push(subgraph)
  return subgraph
}
afterAll(() => Promise.all(started.map((one) => one.stop())))

const arrivedAt = (subgraph: { arrived: readonly unknown[] }, count: number) =>
  eventually(() => subgraph.arrived.length === count)

describe.each(ways)('over the %s transport', (way) => {
  test('equal queries of one caller that are in flight are one request', async () => {
    const shop = start({ way })
    const answers = [shop.ask(), shop.ask({ requestId: 'request-2' }), shop.ask()]
    await arrivedAt(shop, 1)
    shop.arrived[0]?.answer()
    expect(await Promise.all(answers)).toEqual([answerText, answerText, answerText])
    expect(shop.arrived).toHaveLength(1)
    expect(await metricOf(shop.metrics, /protection_total\{.*shared/)).toBe(2)
  })

  test('and are requests of their own when sharing is off', async () => {
    const shop = start({ way, settings: { sharing: false } })
    const answers = [shop.ask(), shop.ask(), shop.ask()]
    await arrivedAt(shop, 3)
    for (const one of shop.arrived) one.answer()
    expect(await Promise.all(answers)).toEqual([answerText, answerText, answerText])
  })

  test('an answered query is asked again', async () => {
    const shop = start({ way })
    const first = shop.ask()
    await arrivedAt(shop, 1)
    shop.arrived[0]?.answer()
    await first
    const second = shop.ask()
    await arrivedAt(shop, 2)
    shop.arrived[1]?.answer()
    expect(await second).toBe(answerText)
  })

  test('a fault is told to each who waits, under its own request', async () => {
    const shop = start({ way, settings: { retriesMax: 0 } })
    const asked = ['request-1', 'request-2'].map((requestId) => shop.ask({ requestId }))
    await arrivedAt(shop, 1)
    shop.arrived[0]?.answer(new Response('down', { status: 502 }))
    const outcomes = await Promise.allSettled(asked)
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    for (const id of ['request-1', 'request-2'])
      expect(shop.lines.join('')).toContain(`did not answer request ${id}`)
  })

  test('who leaves does not disturb the others', async () => {
    const shop = start({ way })
    const first = new AbortController()
    const left = shop.ask({ signal: first.signal })
    const stayed = shop.ask()
    await arrivedAt(shop, 1)
    first.abort(new Error('gone'))
    expect(left).rejects.toThrow('gone')
    const third = shop.ask()
    shop.arrived[0]?.answer()
    expect(await Promise.all([stayed, third])).toEqual([answerText, answerText])
    expect(shop.arrived).toHaveLength(1)
  })

  test('the request is aborted when the last one has left, and not before', async () => {
    const shop = start({ way })
    const callers = [new AbortController(), new AbortController()]
    const asked = callers.map(({ signal }) => shop.ask({ signal }))
    const outcomes = Promise.allSettled(asked)
    await arrivedAt(shop, 1)
    callers[0]?.abort(new Error('gone'))
    expect(shop.arrived[0]?.request.signal.aborted).toBe(false)
    callers[1]?.abort(new Error('gone'))
    await shop.arrived[0]?.left
    await outcomes
    // Whoever comes now does not join what was given up.
    const next = shop.ask()
    await arrivedAt(shop, 2)
    shop.arrived[1]?.answer()
    expect(await next).toBe(answerText)
    expect(await metricOf(shop.metrics, /requests_in_flight/)).toBe(0)
  })
})

test.each([
  ['of another caller', { caller: 'ada' }, { caller: 'bob' }],
  ['of nobody beside somebody', { caller: 'ada' }, {}],
  ['with another body', { body: '{"query":"{a}"}' }, { body: '{"query":"{b}"}' }],
])('queries %s are never shared', async (_, one, other) => {
  const shop = start()
  const answers = [shop.ask(one), shop.ask(other)]
  await arrivedAt(shop, 2)
  const texts = ['{"data":{"n":1}}', '{"data":{"n":2}}']
  for (const [index, text] of texts.entries())
    shop.arrived[index]?.answer(Response.json(JSON.parse(text)))
  expect(await Promise.all(answers)).toEqual(texts)
})

test('mutations are never shared', async () => {
  const shop = start()
  const mutation = { kind: OperationTypeNode.MUTATION }
  const answers = [shop.ask(mutation), shop.ask(mutation)]
  await arrivedAt(shop, 2)
  for (const one of shop.arrived) one.answer()
  expect(await Promise.all(answers)).toEqual([answerText, answerText])
})

test('a query after a mutation does not get what was read before it', async () => {
  const shop = start()
  const before = shop.ask()
  const mutation = shop.ask({ kind: OperationTypeNode.MUTATION })
  await arrivedAt(shop, 2)
  shop.arrived[1]?.answer()
  await mutation
  const after = shop.ask()
  await arrivedAt(shop, 3)
  shop.arrived[0]?.answer(Response.json({ data: { n: 'old' } }))
  shop.arrived[2]?.answer(Response.json({ data: { n: 'new' } }))
  expect(await Promise.all([before, after])).toEqual([
    '{"data":{"n":"old"}}',
    '{"data":{"n":"new"}}',
  ])
})

test('one who has left before asking is told so', async () => {
  const shop = start()
  expect(shop.ask({ signal: AbortSignal.abort(new Error('gone')) })).rejects.toThrow('gone')
  expect(shop.arrived).toHaveLength(0)
})
