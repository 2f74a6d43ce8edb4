import { describe, expect, test } from 'bun:test'
import { GraphQLError } from 'graphql'
import type { Exchange } from '../exchange.ts'
import { registryFrom, sha256 } from '../operations/registry.ts'
import { type Caller, explorer, startHarness } from './harness.ts'
import type { Lane } from './lanes.ts'

const hello = 'query Hello { hello }'
const both = 'query One { hello } query Two { tripCount }'
const rename = 'mutation Rename { rename(name: "Ida") { id } }'
const registered = [hello, rename].map((document, index) => ({
  ...{ document, client: 'web', contract: 'public', hash: sha256(document) },
  ...(index === 0 ? { name: 'Hello', kind: 'query' } : { name: 'Rename', kind: 'mutation' }),
}))
const helloId = `sha256:${sha256(hello)}`
const signedIn: Caller = { scopes: ['self', 'mail'] }

const rateLimited = new GraphQLError('This program may send 1 request a minute. Wait 7 s.', {
  extensions: { code: 'RATE_LIMITED', http: { headers: { 'retry-after': '7' } } },
})
const options = {
  registry: registryFrom(JSON.stringify(registered)),
  quota: async ({ clientId }: Exchange) => {
    if (clientId === 'busy') throw rateLimited
    return null
  },
}

type Sent = {
  readonly body?: unknown
  readonly query?: Record<string, string>
  readonly headers?: Record<string, string>
  readonly method?: string
  readonly caller?: Caller
}

const requestOf = ({ body, query, headers, method = body === undefined ? 'GET' : 'POST' }: Sent) =>
  new Request(`http://localhost:3000/graphql${query ? `?${new URLSearchParams(query)}` : ''}`, {
    ...{ method, headers: { 'content-type': 'application/json', ...headers } },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })

const text = (query: string, more: object = {}): Sent => ({ body: { query, ...more } })
const accepting = (accept: string, query = '{ hello }'): Sent => ({
  ...text(query),
  headers: { accept },
})

const fortyAliases = `{ ${Array.from({ length: 40 }, (_, index) => `a${index}: hello`).join(' ')} }`

/** From what is sent to the lane that answers when both are there. */
const cases: Readonly<Record<Lane, Readonly<Record<string, Sent>>>> = {
  fast: {
    'text that is known': text('{ hello }'),
    'an id': { body: { documentId: helloId } },
    'an id by GET': { query: { documentId: helloId } },
    'text by GET': { query: { query: '{ hello }' } },
    "Apollo's form of the id": {
      body: { extensions: { persistedQuery: { version: 1, sha256Hash: sha256(hello) } } },
    },
    variables: text('query ($name: String!) { greet(name: $name) }', { variables: { name: 'A' } }),
    'variables by GET': {
      query: {
        query: 'query ($name: String!) { greet(name: $name) }',
        variables: '{"name":"Ada \\u2603"}',
      },
    },
    'variables that are null': text('{ hello }', { variables: null, extensions: null }),
    'wrong variables': text('query ($name: String!) { greet(name: $name) }'),
    'wrong variables, newer type': {
      ...text('query ($name: String!) { greet(name: $name) }', { variables: { name: [] } }),
      headers: { accept: 'application/graphql-response+json' },
    },
    'one of two operations': {
      ...text(both, { operationName: 'Two' }),
      caller: explorer,
    },
    'an empty name': text('{ hello }', { operationName: '' }),
    'a member that nobody knows': text('{ hello }', { cookie: 1 }),
    'the newer type': accepting('application/graphql-response+json'),
    'the older type': accepting('application/json'),
    'both, the newer first': accepting('application/graphql-response+json, application/json'),
    'both, the older first': accepting(
      'application/json;q=0.9 , application/graphql-response+json',
    ),
    'in UTF-8': accepting('application/json; charset=utf-8'),
    'events or JSON': accepting('text/event-stream, application/json'),
    'anything of application': accepting('application/*'),
    'nothing in particular': accepting('text/html, */*;q=0.1'),
    'another charset first': accepting(
      'application/json;charset=latin1,application/graphql-response+json',
    ),
    'a charset of the body': {
      ...text('{ hello }'),
      headers: { 'content-type': 'application/json; charset=utf-8' },
    },
    'a content type in capitals': {
      ...text('{ hello }'),
      headers: { 'content-type': 'Application/JSON' },
    },
    'an error beside data': text('{ hello crash }'),
    'an error that bubbles to the top': text('{ mustNotFail }'),
    'the same, newer type': accepting('application/graphql-response+json', '{ mustNotFail }'),
    'a refused subgraph field': text('{ refuse }'),
    'a denied field': text('{ hello secret me { email birthday } }'),
    'a denied field that bubbles': text('{ mustHaveSecret }'),
    'a field of somebody': { ...text('{ me { email birthday } }'), caller: signedIn },
    introspection: { ...text('{ __type(name: "Home") { name } hello }'), caller: explorer },
    'a mutation': { ...text(rename), caller: signedIn },
    'a mutation that is denied': text(rename),
    'a program over its limit': {
      ...text('{ hello }'),
      caller: { scopes: ['self'], credential: 'bearer', clientId: 'busy' },
    },
    'escapes and other planes': text('query ($n: String!) { greet(name: $n) }', {
      variables: { n: '"\\\u2028😀</script>' },
    }),
  },
  open: {
    'text that is not GraphQL': text('{ hello'),
    'a field that does not exist': text('{ helo }'),
    'the same, newer type': accepting('application/graphql-response+json', '{ helo }'),
    'an id that nobody registered': { body: { documentId: `sha256:${sha256('')}` } },
    'an id and text': { body: { documentId: helloId, query: hello } },
    'no JSON': { body: '{"query":' },
    'an empty body': { body: '' },
    'a list': { body: [{ query: hello }] },
    'a document that is a number': { body: { query: 1 } },
    'variables that are a list': text('{ hello }', { variables: [] }),
    'variables that reach for a prototype': {
      body: '{"query":"query ($name: String!) { greet(name: $name) }","variables":{"__proto__":{"name":"x"}}}',
    },
    'a list by GET': { query: { query: hello, variables: '[1]' } },
    'no document': { body: {} },
    'no name for two operations': text(both),
    'a name that is not there': text(both, { operationName: 'Three' }),
    'a mutation by GET': { query: { documentId: `sha256:${sha256(rename)}` } },
    'a mutation in text by GET': { query: { query: rename } },
    'a form': {
      body: 'query=%7B%20hello%20%7D',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    },
    'text as it is': { body: '{ hello }', headers: { 'content-type': 'application/graphql' } },
    'no content type': { ...text('{ hello }'), headers: { 'content-type': '' } },
    'events alone': accepting('text/event-stream'),
    'events alone, for an error': accepting('text/event-stream', '{ mustNotFail }'),
    'nothing that we have': accepting('image/png'),
    'no charset that we have': accepting('application/json; charset=latin1'),
    'another method': { ...text('{ hello }'), method: 'PUT' },
    'a subscription': text('subscription { personChanged(topic: "t") { number } }'),
    introspection: text('{ __schema { queryType { name } } }'),
    'too many aliases': text(fortyAliases),
  },
}

const asTold = async (response: Response) => ({
  status: response.status,
  headers: [...response.headers].sort(),
  text: await response.text(),
})

describe('the same request by either lane', () => {
  const open = startHarness({ ...options, lane: 'open' })
  const fast = startHarness({ ...options, lane: 'fast' })

  /** All that a client, a subgraph and the log get to see, and the lane that answered. */
  const seenOf = async (graph: typeof open, sent: Sent) => {
    graph.asked.length = 0
    graph.lines.length = 0
    Object.assign(graph.laneCounts, { open: 0, fast: 0 })
    const told = await asTold(await graph.send(requestOf(sent), sent.caller))
    const asked = graph.asked.map(({ headers: _, ...asked }) => asked)
    return { lanes: { ...graph.laneCounts }, seen: { ...told, asked, lines: graph.lines.length } }
  }

  test.each(
    (['open', 'fast'] as const).flatMap((lane) =>
      Object.entries(cases[lane]).map(([name, sent]) => [name, lane, sent] as const),
    ),
  )('%s, which at best the %s lane answers', async (_, lane, sent) => {
    const expected = await seenOf(open, sent)
    const told = await seenOf(fast, sent)
    expect(told.seen).toEqual(expected.seen)
    expect(told.lanes).toEqual({ open: 0, fast: 0, [lane]: 1 })
    expect(expected.lanes).toEqual({ open: 1, fast: 0 })
  })
})

describe('an operation is known', () => {
  test('the second time, by its text or by its id, to whoever may run it', async () => {
    const { post, laneCounts } = startHarness(options)
    await post({ query: hello })
    expect(laneCounts).toEqual({ open: 1, fast: 0 })
    for (const body of [{ query: hello }, { documentId: helloId }, { query: hello }])
      expect((await post(body)).data).toEqual({ hello: 'world' })
    expect(laneCounts).toEqual({ open: 1, fast: 3 })
  })

  test('only to those whose limits it has passed', async () => {
    const { post, laneCounts } = startHarness(options)
    const query = fortyAliases
    expect((await post({ query }, explorer)).status).toBe(200)
    expect((await post({ query }, explorer)).status).toBe(200)
    expect(laneCounts).toEqual({ open: 1, fast: 1 })
    expect((await post({ query })).errors?.[0]?.extensions.code).toBe('DOCUMENT_TOO_COMPLEX')
  })

  test('never when it was refused', async () => {
    const { post, laneCounts } = startHarness(options)
    for (let times = 0; times < 3; times += 1) await post({ query: '{ helo }' })
    expect(laneCounts).toEqual({ open: 3, fast: 0 })
  })

  test('and what one caller may see is not what another is given', async () => {
    const { post, laneCounts } = startHarness(options)
    const ask = (caller?: Caller) => post({ query: '{ me { email } }' }, caller)
    const allowed = { data: { me: { email: 'Ada@example.org' } } }
    for (let times = 0; times < 2; times += 1) {
      expect(await ask(signedIn)).toMatchObject(allowed)
      expect((await ask()).data).toEqual({ me: { email: null } })
    }
    expect(laneCounts.fast).toBeGreaterThanOrEqual(2)
  })
})
