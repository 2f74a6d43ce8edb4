import { afterAll, describe, expect, test } from 'bun:test'
import { eventually } from './edge-harness.ts'
import { type EventReader, readEvents } from './event-reader.ts'
import { live } from './fake-subgraphs.ts'
import { type Caller, type Harness, type HarnessOptions, startHarness, ways } from './harness.ts'

const harnesses: Harness[] = []
const start = (options: HarnessOptions = {}) => {
  const harness = startHarness(options)
  harnesses.push(harness)
  return harness
}
afterAll(() => Promise.all(harnesses.map((harness) => harness.stop())))

let topics = 0
const newTopic = () => `topic-${++topics}`

type Ask = {
  readonly query?: string
  readonly topic?: string
  readonly caller?: Caller
  readonly accept?: string
}

const changed = 'subscription Changed($topic: String!) { personChanged(topic: $topic) { number } }'

const requestOf = ({ query = changed, topic, accept = 'text/event-stream' }: Ask) =>
  new Request('http://localhost:3000/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(accept && { accept }) },
    body: JSON.stringify({ query, variables: { topic } }),
  })

const ask = (gateway: Harness, about: Ask) => gateway.send(requestOf(about), about.caller)

/** A stream whose subgraph is known to listen. */
async function open(gateway: Harness, about: Ask & { topic: string }): Promise<EventReader> {
  const response = await ask(gateway, about)
  expect(response.status).toBe(200)
  const events = readEvents(response)
  await eventually(() => live.open(about.topic) > 0)
  return events
}

const complete = { name: 'complete', data: null }
const next = (data: unknown) => ({ name: 'next', data })
const numbered = (number: number) => next({ data: { personChanged: { number } } })

/** An answer that begins well: one event, and then the fault, as soon as `now` says so. */
function brokenStream(fault: string, now: Promise<void>): Response {
  const first = `event: next\ndata: ${JSON.stringify({ data: { personChanged: { number: 1 } } })}\n\n`
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(first)),
    pull: async (controller) => {
      await now
      if (fault === 'is cut') controller.error(new Error('reset'))
      else controller.close()
    },
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}

describe.each(ways)('a subscription over the %s transport', (way) => {
  const gateway = start({ way })

  test('tells each event as it comes, and completes when the subgraph does', async () => {
    const topic = newTopic()
    const events = await open(gateway, { topic })
    live.emit(topic, 1)
    expect(await events.next()).toEqual(numbered(1))
    live.emit(topic, 2)
    live.emit(topic, 3)
    expect(await events.next()).toEqual(numbered(2))
    expect(await events.next()).toEqual(numbered(3))
    live.complete(topic)
    expect(await events.rest()).toEqual([complete])
  })

  test('asks other subgraphs anew for each event', async () => {
    const topic = newTopic()
    const query = `subscription ($topic: String!) {
      personChanged(topic: $topic) { at: number person { name miles nextTrip { city } } }
    }`
    const events = await open(gateway, { topic, query })
    gateway.asked.length = 0
    const person = { name: 'Ada', miles: 100, nextTrip: { city: 'City 1' } }
    live.emit(topic, 1)
    expect(await events.next()).toEqual(next({ data: { personChanged: { at: 1, person } } }))
    live.emit(topic, 2)
    expect(await events.next()).toEqual(next({ data: { personChanged: { at: 2, person } } }))
    expect(gateway.asked.map(({ subgraph }) => subgraph)).toEqual(['trips', 'trips'])
    await events.close()
  })

  test('whose fields fail tells so in their event, masked, and goes on', async () => {
    const topic = newTopic()
    const query = 'subscription ($topic: String!) { personChanged(topic: $topic) { number crash } }'
    const events = await open(gateway, { topic, query })
    live.emit(topic, 1)
    const told = await events.next()
    expect(told?.data).toMatchObject({
      data: { personChanged: { number: 1, crash: null } },
      errors: [
        {
          path: ['personChanged', 'crash'],
          extensions: { code: 'INTERNAL', requestId: 'request-1' },
        },
      ],
    })
    expect(JSON.stringify(told)).not.toContain('hunter2')
    expect(JSON.stringify(told)).not.toContain('"http"')
    live.emit(topic, 2)
    expect(await events.next()).toMatchObject({ data: { data: { personChanged: { number: 2 } } } })
    await events.close()
  })

  test('keeps going without another subgraph, whose fields are null with an error', async () => {
    const topic = newTopic()
    const query =
      'subscription ($topic: String!) { personChanged(topic: $topic) { number person { nextTrip { city } } } }'
    const events = await open(gateway, { topic, query })
    gateway.broken.set('trips', () => new Response('', { status: 503 }))
    live.emit(topic, 1)
    expect((await events.next())?.data).toMatchObject({
      data: { personChanged: { number: 1, person: { nextTrip: null } } },
      errors: [{ extensions: { code: 'UNAVAILABLE' } }],
    })
    gateway.broken.delete('trips')
    live.emit(topic, 2)
    expect((await events.next())?.data).toEqual({
      data: { personChanged: { number: 2, person: { nextTrip: { city: 'City 1' } } } },
    })
    await events.close()
  })

  test('lets go of the subgraph as soon as the client goes away', async () => {
    const topic = newTopic()
    const events = await open(gateway, { topic })
    expect(live.open(topic)).toBe(1)
    await events.close()
    await eventually(() => live.open(topic) === 0)
    expect(await gateway.metrics.text()).toContain('graphql_streams_open{service="gateway"} 0')
  })

  test('lets go when the request is aborted', async () => {
    const topic = newTopic()
    const client = new AbortController()
    const request = new Request(requestOf({ topic }), { signal: client.signal })
    const events = readEvents(await gateway.send(request))
    await eventually(() => live.open(topic) === 1)
    client.abort()
    await eventually(() => live.open(topic) === 0)
    expect(await events.rest()).toEqual([complete])
  })

  test('that fails in the subgraph tells one masked error and completes', async () => {
    const topic = newTopic()
    const events = await open(gateway, { topic })
    live.fail(topic)
    const rest = await events.rest()
    expect(rest).toMatchObject([next({ errors: [{ extensions: { code: 'INTERNAL' } }] }), complete])
    expect(JSON.stringify(rest)).not.toContain('hunter2')
  })

  test.each(['is cut', 'ends without a word'])(
    'whose line to the subgraph %s tells one error that says nothing of why',
    async (fault) => {
      const now = Promise.withResolvers<void>()
      gateway.broken.set('people', () => brokenStream(fault, now.promise))
      const events = readEvents(await ask(gateway, { topic: newTopic() }))
      gateway.broken.delete('people')
      expect(await events.next()).toEqual(numbered(1))
      now.resolve()
      const rest = await events.rest()
      expect(rest).toMatchObject([
        next({ errors: [{ extensions: { code: 'UNAVAILABLE', requestId: 'request-1' } }] }),
        complete,
      ])
      expect(JSON.stringify(rest)).not.toContain('people')
      expect(gateway.lines.join()).toContain('request-1')
      expect(await gateway.metrics.text()).toContain('graphql_streams_open{service="gateway"} 0')
    },
  )

  test('that the subgraph refuses is answered with the refusal and its status', async () => {
    const response = await ask(gateway, { query: 'subscription { refusedStream }' })
    expect(response.status).toBe(409)
    expect(response.headers.get('content-type')).toStartWith('application/json')
    expect(await response.json()).toEqual({
      errors: [
        {
          message: 'Not now.',
          path: ['refusedStream'],
          extensions: { code: 'CONFLICT', requestId: 'request-1' },
        },
      ],
    })
  })

  test('of a subgraph that is down is refused, and worth trying again', async () => {
    gateway.broken.set('people', () => new Response('', { status: 502 }))
    const response = await ask(gateway, { topic: newTopic() })
    gateway.broken.delete('people')
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
    expect(await response.text()).not.toContain('"http"')
  })
})

test('the answer is a stream that nothing in between keeps, buffers or compresses', async () => {
  const gateway = start()
  const topic = newTopic()
  const response = await ask(gateway, { topic })
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(response.headers.get('cache-control')).toBe('private, no-store')
  expect(response.headers.get('x-accel-buffering')).toBe('no')
  expect(response.headers.has('content-encoding')).toBe(false)
  expect(response.headers.get('x-request-id')).toBe('request-1')
  await response.body?.cancel()
})

describe('a silent stream', () => {
  test('is kept alive by comments', async () => {
    const gateway = start({ heartbeatMs: 10 })
    const topic = newTopic()
    const events = await open(gateway, { topic })
    setTimeout(() => live.emit(topic, 1), 80)
    expect(await events.next()).toEqual(numbered(1))
    // One goes ahead of everything; without heartbeats it would be alone.
    expect(events.comments()).toBeGreaterThan(3)
    await events.close()
  })

  test('ends at its age, so that the client opens another one', async () => {
    const gateway = start({ streams: { maxAgeMs: 1_000 } })
    const topic = newTopic()
    const events = await open(gateway, { topic })
    expect(await events.rest()).toEqual([complete])
    await eventually(() => live.open(topic) === 0)
  })

  test('whose age is over while it begins completes, or is refused to be tried again', async () => {
    const gateway = start({ streams: { maxAgeMs: 0 } })
    for (let round = 0; round < 20; round += 1) {
      const response = await ask(gateway, { topic: newTopic() })
      const told = await response.text()
      if (response.status === 200) expect(told).toContain('event: complete')
      else expect([response.status, told]).toEqual([503, expect.stringContaining('UNAVAILABLE')])
    }
  })
})

test('a client that does not read gets no heartbeats piled up for it', async () => {
  const gateway = start({ heartbeatMs: 1 })
  const topic = newTopic()
  const response = await ask(gateway, { topic })
  await Bun.sleep(60)
  const events = readEvents(response)
  await eventually(() => live.open(topic) === 1)
  const piledUp = events.comments()
  await eventually(() => events.comments() > piledUp + 5)
  expect(piledUp).toBeLessThan(5)
  await events.close()
})

describe('who is not let in', () => {
  const gateway = start()
  const signedIn: Caller = { scopes: ['self'] }
  const guarded = (field: string) =>
    `subscription ($topic: String!) { ${field}(topic: $topic) { number note } }`

  test('to the field itself opens nothing', async () => {
    const topic = newTopic()
    const response = await ask(gateway, { topic, query: guarded('mustBeSecret') })
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({
      data: null,
      errors: [{ path: ['mustBeSecret'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }],
    })
    const nullable = await ask(gateway, { topic, query: guarded('secretChanged') })
    expect(await readEvents(nullable).rest()).toMatchObject([
      next({ data: { secretChanged: null }, errors: [{ path: ['secretChanged'] }] }),
      complete,
    ])
    expect(live.open(topic)).toBe(0)
  })

  test('to a field below gets each event without it', async () => {
    const topic = newTopic()
    const events = await open(gateway, { topic, query: guarded('secretChanged'), caller: signedIn })
    live.emit(topic, 1)
    expect((await events.next())?.data).toMatchObject({
      data: { secretChanged: { number: 1, note: null } },
      errors: [
        { path: ['secretChanged', 'note'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } },
      ],
    })
    await events.close()
  })

  test('and who is gets all of it', async () => {
    const topic = newTopic()
    const caller = { scopes: ['level:read'] }
    const events = await open(gateway, { topic, query: guarded('secretChanged'), caller })
    live.emit(topic, 1)
    expect((await events.next())?.data).toEqual({
      data: { secretChanged: { number: 1, note: 'note 1' } },
    })
    await events.close()
    expect(gateway.asked.at(-1)?.viewer?.scopes.has('level:read')).toBe(true)
  })
})

describe('a client that asks in another way', () => {
  const gateway = start()

  test.each(['application/json', '*/*', 'application/graphql-response+json, */*', ''])(
    'takes "%s": it is told what a subscription answers, and nothing opens',
    async (accept) => {
      const topic = newTopic()
      const response = await ask(gateway, { topic, accept })
      expect(response.status).toBe(406)
      expect(await response.json()).toMatchObject({
        errors: [
          {
            message: 'A subscription is answered as text/event-stream: accept that type.',
            extensions: { code: 'BAD_REQUEST' },
          },
        ],
      })
      expect(live.open(topic)).toBe(0)
    },
  )

  test('takes JSON as well: a subscription is a stream, a query is not', async () => {
    const accept = 'application/graphql-response+json, application/json, text/event-stream'
    const topic = newTopic()
    const events = await open(gateway, { topic, accept })
    await events.close()
    const query = await ask(gateway, { accept, query: '{ hello }' })
    expect(await query.json()).toEqual({ data: { hello: 'world' } })
  })

  test('takes events alone: a query is one of them', async () => {
    const response = await ask(gateway, { query: '{ hello }' })
    expect(response.headers.get('content-type')).toStartWith('text/event-stream')
    expect(await readEvents(response).rest()).toEqual([
      next({ data: { hello: 'world' } }),
      complete,
    ])
    const refused = await ask(gateway, { query: '{ nonsense }' })
    expect(refused.status).toBe(400)
    expect(refused.headers.get('content-type')).toStartWith('application/json')
  })

  test.each(['@skip(if: true)', '@include(if: true)'])(
    'would leave out the only field by %s: it is refused',
    async (directive) => {
      const query = `subscription { refusedStream ${directive} }`
      const response = await ask(gateway, { query })
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({
        errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
      })
    },
  )
})

describe('how many', () => {
  test('streams a viewer has open is limited, each one that ends makes room', async () => {
    const gateway = start({ streams: { perCallerMax: 2 } })
    const topic = newTopic()
    const caller = { scopes: ['self'] }
    const first = await open(gateway, { topic, caller })
    await open(gateway, { topic, caller })
    const third = await ask(gateway, { topic, caller })
    expect([third.status, third.headers.get('retry-after')]).toEqual([429, '1'])
    expect(await third.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] })
    expect(live.open(topic)).toBe(2)
    // Somebody else is not concerned.
    await open(gateway, { topic, caller: {} })
    await first.close()
    await open(gateway, { topic, caller })
    expect(live.open(topic)).toBe(3)
    gateway.streams.drain()
  })

  test('one that does not open takes no place', async () => {
    const gateway = start({ streams: { perCallerMax: 1 } })
    for (const query of ['subscription { refusedStream }', 'subscription { nonsense }'])
      expect((await ask(gateway, { query })).status).toBeGreaterThanOrEqual(400)
    const topic = newTopic()
    await (await open(gateway, { topic })).close()
  })

  test('a hundred streams that come and go leave nothing behind', async () => {
    const gateway = start({ way: 'http', streams: { perCallerMax: 100 } })
    const topic = newTopic()
    const opened = await Promise.all(Array.from({ length: 100 }, () => open(gateway, { topic })))
    await eventually(() => live.open(topic) === 100)
    expect(await gateway.metrics.text()).toContain('graphql_streams_open{service="gateway"} 100')
    live.emit(topic, 7)
    for (const events of opened) expect(await events.next()).toEqual(numbered(7))
    await Promise.all(opened.map((events) => events.close()))
    await eventually(() => live.open(topic) === 0)
    expect(await gateway.metrics.text()).toContain('graphql_streams_open{service="gateway"} 0')
  })
})

test('an instance that stops completes its streams and opens no further one', async () => {
  const gateway = start()
  const topic = newTopic()
  const events = await open(gateway, { topic })
  gateway.streams.drain()
  expect(await events.rest()).toEqual([complete])
  await eventually(() => live.open(topic) === 0)
  expect((await ask(gateway, { topic })).status).toBe(503)
})
