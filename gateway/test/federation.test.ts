import { afterAll, beforeEach, describe, expect, test } from 'bun:test'
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base'
import { startTracing } from '#kit/tracing'
import { rulesOf } from '../engine/authorize/rules.ts'
import { createStitchedEngine } from '../engine/stitched/index.ts'
import { supergraphFrom } from '../engine/supergraph/index.ts'
import { fakeSupergraph } from './fake-subgraphs.ts'
import { setups, startHarness } from './harness.ts'

describe.each(setups)('%s', (_, setup) => {
  const graph = startHarness({ ...setup, transport: { answerBytesMax: 4_000 } })
  afterAll(graph.stop)
  beforeEach(() => {
    graph.asked.length = 0
    graph.lines.length = 0
    graph.broken.clear()
  })

  const codesAt = (errors: Awaited<ReturnType<typeof graph.ask>>['errors'] = []) =>
    errors.map(({ path, extensions }) => [path?.join('.'), extensions.code])

  test('an operation joins two subgraphs, and keys keep the order in which they were asked', async () => {
    const { status, text, errors } = await graph.ask(
      '{ tripCount people { miles n: name nextTrip { city } } hello }',
    )
    expect(errors).toBeUndefined()
    expect(status).toBe(200)
    expect(text).toBe(
      '{"data":{"tripCount":3,"people":[' +
        '{"miles":100,"n":"Ada","nextTrip":{"city":"City 1"}},' +
        '{"miles":200,"n":"Bob","nextTrip":{"city":"City 2"}},' +
        '{"miles":300,"n":"Cleo","nextTrip":{"city":"City 3"}}],"hello":"world"}}',
    )
  })

  test('root fields of one subgraph, and entities of one list, are one request each', async () => {
    await graph.ask('{ hello me { name } people { name miles insurance } }')
    expect(graph.asked.map(({ subgraph }) => subgraph)).toEqual(['people', 'trips'])
  })

  test('aliases of one field with different arguments do not mix', async () => {
    const { data } = await graph.ask(
      'query ($b: String!) { a: greet(name: "A") b: greet(name: $b, mood: BAD) }',
      {},
      { b: 'B' },
    )
    expect(data).toEqual({ a: 'GOOD day, A', b: 'BAD day, B' })
  })

  test('requests at the same time do not share a batch', async () => {
    const scopes = ['self', 'mail']
    const [mine, nobodys] = await Promise.all([
      graph.ask('{ me { email } }', { scopes }),
      graph.ask('{ me { name } }'),
    ])
    expect(mine.data).toEqual({ me: { email: 'Ada@example.org' } })
    expect(nobodys.data).toEqual({ me: { name: 'Ada' } })
    expect(graph.asked.map(({ viewer }) => viewer === null).sort()).toEqual([false, true])
  })

  test('mutations run one after the other', async () => {
    const { data } = await graph.ask('mutation { a: touch b: touch c: count }')
    const { a, b, c } = Object(data)
    expect([b - a, c - b]).toEqual([1, 0])
  })

  test('a subgraph gets a token of its own, the request id and the trace', async () => {
    const tracing = startTracing({ service: 'test', exporter: new InMemorySpanExporter() })
    await graph.ask('{ people { miles } }', { scopes: ['self', 'mail'] })
    await tracing.stop()
    expect(graph.asked).toHaveLength(2)
    for (const { headers, viewer } of graph.asked) {
      expect(headers.get('x-request-id')).toBe('request-1')
      expect(headers.get('traceparent')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
      expect([...(viewer?.scopes ?? [])]).toEqual(['self', 'mail'])
    }
    const tokens = graph.asked.map(({ headers }) => headers.get('authorization'))
    expect(new Set(tokens).size).toBe(2)
  })

  test('a subgraph that is down costs only its own fields, each with an error at its place', async () => {
    graph.broken.set('trips', () => new Response('down', { status: 502 }))
    const { status, data, errors } = await graph.ask('{ maybePeople { name nextTrip { city } } }')
    expect(status).toBe(200)
    expect(data).toEqual({
      maybePeople: [{ name: 'Ada', nextTrip: null }, null, { name: 'Bob', nextTrip: null }],
    })
    expect(codesAt(errors)).toEqual([
      ['maybePeople.0.nextTrip', 'UNAVAILABLE'],
      ['maybePeople.2.nextTrip', 'UNAVAILABLE'],
    ])
    expect(JSON.stringify(errors)).not.toContain('trips')
    expect(graph.lines.join('')).toContain('Subgraph trips did not answer request request-1')
  })

  test('when nothing is left of an answer, the status is 503 and says when to come back', async () => {
    graph.broken.set('trips', () => new Response('down', { status: 500 }))
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const { status, headers, data, errors } = await graph.post(
        { query: '{ tripCount hello }' },
        {},
        { accept },
      )
      expect(status).toBe(503)
      expect(headers.get('retry-after')).toBe('1')
      expect(headers.get('content-type')).toContain(accept)
      expect(data).toBeNull()
      expect(codesAt(errors)).toEqual([['tripCount', 'UNAVAILABLE']])
    }
  })

  test.each([
    ['a page instead of JSON', () => new Response('<h1>hi</h1>')],
    ['no JSON behind its content type', () => Response.json('').text().then(json)],
    ['JSON that is no GraphQL answer', () => json('[1]')],
    ['an answer cut short', () => json('{"data":{"tripCount":')],
    ['a refusal of our token', () => new Response('{}', { status: 401 })],
    ['a redirect', () => new Response('', { status: 302, headers: { location: '/elsewhere' } })],
  ])('a subgraph that sends %s is not available', async (_, answer) => {
    graph.broken.set('trips', answer)
    const { status, errors } = await graph.ask('{ tripCount }')
    expect(status).toBe(503)
    expect(codesAt(errors)).toEqual([['tripCount', 'UNAVAILABLE']])
  })

  test('when a whole answer fails at the subgraph, each part of a merged request says so', async () => {
    graph.broken.set('people', () =>
      Response.json({
        data: null,
        errors: [{ message: 'Later.', path: ['_v0_hello'], extensions: { code: 'RATE_LIMITED' } }],
      }),
    )
    const { errors, data } = await graph.ask('{ hello me { name } }')
    expect(data).toBeNull()
    expect(codesAt(errors)).toContainEqual(['hello', 'RATE_LIMITED'])
    const nullable = await graph.ask('{ secretless: me { name } plan: openPlan { title } }')
    expect(codesAt(nullable.errors)).toEqual([
      ['secretless', 'RATE_LIMITED'],
      ['plan', 'RATE_LIMITED'],
    ])
  })

  test('one entity of a list fails alone, at its own index', async () => {
    const { data, errors } = await graph.ask('{ people { name insurance nextTrip { weather } } }')
    expect(data).toMatchObject({
      people: [{ insurance: 'full' }, { insurance: null, nextTrip: { weather: null } }, {}],
    })
    expect(codesAt(errors)).toEqual([
      ['people.1.insurance', 'NOT_FOUND'],
      ['people.1.nextTrip.weather', 'NOT_FOUND'],
    ])
  })

  test('an error of the closed table reaches the client, any other is masked and logged', async () => {
    const { data, errors } = await graph.ask('{ refuse crash outdated }')
    expect(data).toEqual({ refuse: null, crash: null, outdated: null })
    expect(codesAt(errors)).toEqual([
      ['refuse', 'FORBIDDEN'],
      ['crash', 'INTERNAL'],
      ['outdated', 'INTERNAL'],
    ])
    expect(errors?.[0]?.message).toBe('You may not.')
    expect(errors?.every(({ extensions }) => extensions.requestId === 'request-1')).toBe(true)
    expect(JSON.stringify(errors)).not.toMatch(/hunter2|Cannot query|stack/)
    expect(graph.lines.filter((line) => line.includes('Request request-1 failed'))).toHaveLength(2)
    expect(graph.lines.join('')).toContain('hunter2')
  })

  test('a slow subgraph does not hold an answer beyond the deadline', async () => {
    const hasty = startHarness({ ...setup, deadlineMs: 50 })
    const { promise: never, resolve } = Promise.withResolvers<Response>()
    hasty.broken.set('trips', () => never)
    const { status, errors } = await hasty.ask('{ tripCount }')
    expect(status).toBe(504)
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['TIMEOUT'])
    resolve(Response.json({}))
    await hasty.stop()
  })

  test.each([
    ['a key with a condition', '{ me { id @skip(if: true) insurance } }', { insurance: 'full' }],
    [
      'a field twice, with two conditions',
      '{ me { id @skip(if: true) insurance id @include(if: true) } }',
      { insurance: 'full', id: '1' },
    ],
    [
      'another field under the name of a key',
      '{ me { id: name insurance } }',
      { id: 'Ada', insurance: 'full' },
    ],
    ['a type name alone', '{ me { ... on Person { __typename } } }', { __typename: 'Person' }],
    [
      'a type name alone behind a join',
      '{ me { nextTrip { ... { __typename } } } }',
      { nextTrip: { __typename: 'Trip' } },
    ],
    ['nothing at all', '{ me { ... on Person @skip(if: true) { name } } }', {}],
  ])('what confuses stitching is answered all the same: %s', async (_, query, me) => {
    const { data, errors } = await graph.ask(query)
    expect(errors).toBeUndefined()
    expect(JSON.stringify(data)).toBe(JSON.stringify({ me }))
  })

  test('several errors of one field are all told, each at its place', async () => {
    const denied = (path: (string | number)[], message: string) => ({
      ...{ path, message },
      extensions: { code: 'CONFLICT' },
    })
    graph.broken.set('people', () =>
      Response.json({
        data: { me: null, maybePeople: [{ name: 'Ada' }, null] },
        errors: [
          denied(['me'], 'One.'),
          denied(['me', 'home', 'street'], 'Two.'),
          denied(['maybePeople', 1, 'name'], 'Three.'),
        ],
      }),
    )
    const { data, errors } = await graph.ask('{ me { name } }')
    expect(data).toEqual({ me: null })
    // The last one is about a field that nobody asked for.
    expect(errors?.map(({ message }) => message)).toEqual(['One.', 'Two.', 'Three.'])
    expect(errors?.slice(0, 2).map(({ path }) => path)).toEqual([['me'], ['me', 'home', 'street']])
    const list = await graph.ask('{ maybePeople { name } }')
    expect(list.data).toEqual({ maybePeople: [{ name: 'Ada' }, null] })
    expect(list.errors?.map(({ message, path }) => [message, path]).slice(0, 1)).toEqual([
      ['Three.', ['maybePeople', 1, 'name']],
    ])
  })

  test('an error below a renamed field is told under the name that the client knows', async () => {
    const { errors } = await graph.ask('{ people { id: nextTrip { id: weather } } }')
    expect(codesAt(errors)).toEqual([['people.1.id.id', 'NOT_FOUND']])
  })

  test.each([
    ['{ greet(name: "x") }', {}],
    ['{ greet(name: "x") hello }', {}],
    ['query ($who: String!) { a: greet(name: $who) hello }', { who: 'x' }],
  ])(
    'a value that a subgraph refuses is told by the name of its argument: %s',
    async (query, variables) => {
      // As graphql-js says it of the variable that the subgraph was sent.
      graph.broken.set('people', () => {
        const sent = graph.asked.at(-1)?.variables
        const variable = Object.keys(sent ?? {})[0]
        const message = `Variable "$${variable}" got invalid value "x" at "${variable}.from"; No date.`
        const errors = [{ message, extensions: { code: 'BAD_USER_INPUT' } }]
        return Response.json({ errors }, { status: 400 })
      })
      const { errors = [], status } = await graph.ask(query, {}, variables)
      graph.broken.clear()
      expect(status).toBe(400)
      expect(new Set(errors.map(({ message }) => message))).toEqual(
        new Set(['Argument "name" got invalid value "x" at "name.from"; No date.']),
      )
      expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT')
    },
  )

  test('mixed introspection and data are both answered', async () => {
    const { data } = await graph.ask('{ __typename __type(name: "Trip") { name } tripCount }', {
      scopes: ['operations:explore'],
    })
    expect(data).toEqual({ __typename: 'Query', __type: { name: 'Trip' }, tripCount: 3 })
  })
})

const json = (text: string) =>
  new Response(text, { headers: { 'content-type': 'application/json' } })

test('a trace holds the stages of the graph and each request to a subgraph', async () => {
  const exporter = new InMemorySpanExporter()
  const tracing = startTracing({ service: 'test', exporter })
  await startHarness().ask('query Trips { people { miles } }')
  const names = exporter.getFinishedSpans().map(({ name }) => name)
  await tracing.stop()
  expect(names.sort()).toEqual([
    'execute',
    'graphql',
    'prepare',
    'subgraph people',
    'subgraph trips',
  ])
})

test('a subgraph whose port is closed is not available', async () => {
  const graph = startHarness({ way: 'http' })
  await graph.stop()
  const { status, errors } = await graph.ask('{ tripCount }')
  expect(status).toBe(503)
  expect(errors?.[0]?.extensions.code).toBe('UNAVAILABLE')
})

test('an engine needs a way to every subgraph', () => {
  const supergraph = supergraphFrom(fakeSupergraph)
  const make = () =>
    createStitchedEngine({ supergraph, rules: rulesOf(supergraph), transports: new Map() })
  expect(make).toThrow('no transport to subgraph people')
})

test('an answer beyond the size limit is none', async () => {
  const graph = startHarness({ way: 'http', transport: { answerBytesMax: 20 } })
  const { status } = await graph.ask('{ people { name } }')
  expect(status).toBe(503)
  expect(graph.lines.join('')).toContain('longer than 20 bytes')
  await graph.stop()
})
