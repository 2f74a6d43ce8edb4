import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { parse } from 'graphql'
import { numberOf } from '#kit/cost/amount'
import { costPlanOf } from '#kit/cost/plan'
import { type CostSettings, costDefaults } from '#kit/cost/settings'
import { weightsOf } from '#kit/cost/weights'
import { operationIn } from '#kit/document/operation'
import { identityOf } from '../client-sharing.ts'
import { supergraphFrom } from '../engine/supergraph/index.ts'
import { type RegisteredOperation, registryFrom, sha256 } from '../operations/registry.ts'
import { eventually } from './edge-harness.ts'
import { readEvents } from './event-reader.ts'
import { live } from './fake-subgraphs.ts'
import { type Caller, explorer, setups, startHarness } from './harness.ts'

const settings: CostSettings = {
  mode: 'enforce',
  max: { outsider: 20, partner: 35, explorer: 100 },
  listSize: 10,
}
const partner: Caller = { scopes: [], credential: 'bearer', clientId: 'studio-app' }
const asking = { accept: 'application/json', 'x-plexus-cost': 'true' }

const registered = (name: string, document: string) => ({
  ...{ name, document, kind: 'query', hash: sha256(document) },
  ...{ client: 'web', contract: 'public' },
})
const friends = registered('Friends', 'query Friends { people { friends { name } } }')
const registry = registryFrom(JSON.stringify([friends]))

describe.each(setups)('%s', (_, setup) => {
  const graph = startHarness({ ...setup, registry, cost: settings })
  const measuring = startHarness({ ...setup, registry, cost: { ...settings, mode: 'measure' } })
  const unprotected = startHarness({ ...setup, registry })

  test('an operation that costs too much reaches no subgraph, and is told the numbers', async () => {
    const { status, errors, data } = await graph.post({ query: friends.document })
    expect([status, data]).toEqual([400, undefined])
    expect(errors).toHaveLength(1)
    expect(errors?.[0]?.extensions.code).toBe('DOCUMENT_TOO_COMPLEX')
    expect(errors?.[0]?.message).toMatch(/^The operation costs 110, and may cost 20\. Ask for /)
    expect(graph.asked).toEqual([])
  })

  test('a registered one is held to the same, by its id', async () => {
    const { errors } = await graph.post({ documentId: `sha256:${friends.hash}` })
    expect(errors?.[0]?.extensions.code).toBe('DOCUMENT_TOO_COMPLEX')
    expect(graph.asked).toEqual([])
  })

  test('where nothing is enforced, or counted, it is answered', async () => {
    for (const open of [measuring, unprotected])
      expect((await open.post({ query: friends.document })).data).toMatchObject({
        people: [{ friends: [{ name: 'Bob' }, { name: 'Cleo' }] }, {}, {}],
      })
  })

  test.each([
    ['nobody', {}, [true, false, false]],
    ['a partner', partner, [true, true, false]],
    ['an explorer', explorer, [true, true, true]],
  ] as const)('%s may spend so much', async (_, caller, expected) => {
    const queries = ['{ people { name } }', '{ people { nextTrip { city } home { city } } }']
    const answers = await Promise.all(
      [
        ...queries,
        '{ people { home { city } } found { __typename } nodes { id } maybePeople { id } }',
      ].map(async (query) => (await graph.post({ query }, caller)).errors === undefined),
    )
    expect(answers).toEqual([...expected])
  })

  test('an explorer who asks for it reads what was estimated and what it was', async () => {
    const query = '{ people { friends { name } } }'
    const { text } = await measuring.post({ query }, explorer, asking)
    expect(JSON.parse(text).extensions).toEqual({ cost: { estimated: 110, actual: 6, max: 100 } })
    expect(JSON.parse((await measuring.post({ query }, explorer)).text)).not.toHaveProperty(
      'extensions',
    )
  })

  test('nobody else does', async () => {
    for (const caller of [{}, partner, { ...explorer, credential: 'bearer' as const }]) {
      const { text, data } = await measuring.post({ query: '{ hello }' }, caller, asking)
      expect(data).toEqual({ hello: 'world' })
      expect(text).not.toContain('cost')
    }
  })

  test('both are measured by the registered name', async () => {
    await measuring.post({ documentId: `sha256:${friends.hash}` })
    const lines = (await measuring.metrics.text()).split('\n')
    const sums = lines.filter((line) =>
      /^graphql_operation_cost_(sum|count)\{.*operation="Friends"/.test(line),
    )
    expect(sums.map((line) => line.replace(/service="gateway",/, ''))).toEqual([
      'graphql_operation_cost_sum{operation="Friends",kind="estimated"} 110',
      'graphql_operation_cost_count{operation="Friends",kind="estimated"} 1',
      'graphql_operation_cost_sum{operation="Friends",kind="actual"} 6',
      'graphql_operation_cost_count{operation="Friends",kind="actual"} 1',
    ])
  })

  test('the same text costs what its variables make of it, each time', async () => {
    const query = 'query ($all: Boolean!) { people @include(if: $all) { friends { id } } hello }'
    const told = async (all: boolean) =>
      (await graph.post({ query, variables: { all } })).errors?.[0]?.extensions.code
    expect([await told(false), await told(true), await told(false)]).toEqual([
      undefined,
      'DOCUMENT_TOO_COMPLEX',
      undefined,
    ])
  })

  test('variables nested without end are refused, also where nobody counts', async () => {
    const query = 'query ($name: String!) { greet(name: $name) }'
    const sharing = startHarness({ ...setup, sharing: { identityOf: identityOf() } })
    for (const depth of [5_000, 300_000]) {
      const deep = `${'['.repeat(depth)}1${']'.repeat(depth)}`
      const body = `{"query":${JSON.stringify(query)},"variables":{"name":${deep}}}`
      for (const gateway of [graph, unprotected, sharing]) {
        const { errors } = await gateway.post(body)
        expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT'])
        expect(errors?.[0]?.message).toContain('at most 50 levels')
      }
    }
    await sharing.stop()
  })
})

test.each(setups)(
  'each event of a subscription is measured, and told to who may read it: %s',
  async (_, setup) => {
    const graph = startHarness({ ...setup, cost: settings })
    const topic = `cost of ${Bun.randomUUIDv7()}`
    const headers = { ...asking, 'content-type': 'application/json', accept: 'text/event-stream' }
    const query = `subscription { personChanged(topic: "${topic}") { person { friends { id } } } }`
    const open = async (caller: Caller) => {
      const body = JSON.stringify({ query })
      const request = new Request('http://localhost:3000/graphql', {
        method: 'POST',
        headers,
        body,
      })
      return readEvents(await graph.send(request, caller))
    }
    const streams = [await open(explorer), await open(partner)]
    await eventually(() => live.open(topic) === 2)
    live.emit(topic, 1)
    const [explored, partners] = await Promise.all(streams.map((stream) => stream.next()))
    expect(explored?.data).toMatchObject({
      data: { personChanged: {} },
      extensions: { cost: { estimated: 12, actual: 4, max: 100 } },
    })
    expect(partners?.data).not.toHaveProperty('extensions')
    const text = await graph.metrics.text()
    expect(text).toMatch(/graphql_operation_cost_sum\{.*kind="actual"\} 8\n/)
    expect(text).toMatch(/graphql_operation_cost_count\{.*kind="actual"\} 2\n/)
    await Promise.all(streams.map((stream) => stream.close()))
    await eventually(() => live.open(topic) === 0)
    await graph.stop()
  },
)

test('a subscription that costs too much does not open', async () => {
  const graph = startHarness({ cost: { ...settings, max: { ...settings.max, outsider: 1 } } })
  const query = 'subscription { personChanged(topic: "cost") { person { id } } }'
  const { errors } = await graph.post({ query }, {}, { accept: 'text/event-stream' })
  expect(errors?.[0]?.extensions.code).toBe('DOCUMENT_TOO_COMPLEX')
  expect(graph.asked).toEqual([])
})

const file = (name: string) => Bun.file(join(import.meta.dir, '../../schema', name)).text()
const productWeights = async () =>
  weightsOf(supergraphFrom(await file('supergraph.graphql')).document)

test('every page of a list that the product gives costs as much as is asked for', async () => {
  const { types } = await productWeights()
  const pages = [...types].flatMap(([type, { fields }]) =>
    [...fields]
      .filter(([, { args }]) => args.has('first'))
      .map(([name, { size }]) => ({
        field: `${type}.${name}`,
        sized: [...(size?.sizedFields ?? [])],
      })),
  )
  expect(pages.length).toBeGreaterThan(5)
  expect(pages.filter(({ sized }) => !sized.includes('edges'))).toEqual([])
})

test('every operation that the product registers is within the limit at its longest, with room', async () => {
  const weights = await productWeights()
  const operations: RegisteredOperation[] = JSON.parse(await file('operations.json'))
  expect(operations.length).toBeGreaterThan(0)
  const { max, listSize } = costDefaults
  const dear = operations.filter(({ document, client }) => {
    const parsed = parse(document)
    const plan = costPlanOf(
      weights,
      { document: parsed, operation: operationIn(parsed, null) },
      listSize,
    )
    const most = numberOf(plan.estimate, { first: 100, last: 100 })
    return (
      plan.faults.length > 0 || most * 1.5 > (client === 'partner' ? max.partner : max.outsider)
    )
  })
  expect(dear.map(({ name }) => name)).toEqual([])
})
