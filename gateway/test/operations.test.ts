import { beforeEach, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { admittedDocument, outsiderLimits } from '#kit/document/limits'
import { rulesOf } from '../engine/authorize/rules.ts'
import { type Engine, variantOf } from '../engine/engine.ts'
import { createStitchedEngine } from '../engine/stitched/index.ts'
import { supergraphFrom } from '../engine/supergraph/index.ts'
import { prepareRegistered } from '../operations/prepare-registered.ts'
import { type RegisteredOperation, registryFrom, sha256 } from '../operations/registry.ts'
import { freeTextFor } from '../operations/select.ts'
import { fakeSupergraph } from './fake-subgraphs.ts'
import { type Caller, explorer, startHarness } from './harness.ts'
import { lanes } from './lanes.ts'

const entry = (name: string, kind: string, document: string) => ({
  ...{ name, kind, document },
  ...{ client: 'web', contract: 'public' },
  hash: sha256(document),
})

const hello = entry('Hello', 'query', 'query Hello { hello }')
const greet = entry('Greet', 'query', 'query Greet($name: String!) { greet(name: $name) }')
const touch = entry('Touch', 'mutation', 'mutation Touch { touch }')
const forPartners = { ...entry('Count', 'query', 'query Count { tripCount }'), client: 'partner' }
const forBoth = { ...greet, client: 'partner' }
const registry = registryFrom(JSON.stringify([hello, greet, touch, forPartners, forBoth]))

const idOf = ({ hash }: { hash: string }) => `sha256:${hash}`
const signedIn: Caller = { scopes: ['self'], credential: 'session' }
const program = (clientId?: string): Caller => ({
  ...{ scopes: ['bookings:read'], credential: 'bearer' },
  ...(clientId && { clientId }),
})
const partner = program('studio-app')
const ourOwn = program('web-client')
const nameless = program()

describe.each(lanes)('by the %s lane', (lane) => {
  const graph = startHarness({ lane, registry, freeText: freeTextFor({ fromLocalhost: false }) })
  const watched = startHarness({ lane, registry, freeText: freeTextFor({ fromLocalhost: true }) })

  beforeEach(() => {
    graph.asked.length = 0
  })

  describe('a registered operation', () => {
    test('runs by its id for anybody, by POST and by GET', async () => {
      const posted = await graph.post({ documentId: idOf(greet), variables: { name: 'Ada' } })
      expect(posted.data).toEqual({ greet: 'GOOD day, Ada' })
      const got = await graph.get({ documentId: idOf(greet), variables: '{"name":"Bob"}' })
      expect(got.data).toEqual({ greet: 'GOOD day, Bob' })
      expect([posted.status, got.status]).toEqual([200, 200])
    })

    test("runs by Apollo's form of the id, with or without the text beside it", async () => {
      const extensions = { persistedQuery: { version: 1, sha256Hash: hello.hash } }
      expect((await graph.post({ extensions })).data).toEqual({ hello: 'world' })
      expect((await graph.get({ extensions: JSON.stringify(extensions) })).data).toEqual({
        hello: 'world',
      })
      const forged = await graph.post({ extensions, query: '{ tripCount }' })
      expect(forged.data).toEqual({ hello: 'world' })
    })

    test('that is a mutation does not run by GET', async () => {
      const { status, headers, errors } = await graph.get({ documentId: idOf(touch) })
      expect(status).toBe(405)
      expect(headers.get('allow')).toBe('POST')
      expect(errors?.[0]?.extensions.code).toBe('METHOD_NOT_ALLOWED')
      expect(graph.asked).toEqual([])
      expect((await graph.post({ documentId: idOf(touch) })).data).toHaveProperty('touch')
    })

    test('keeps its name when one is given, and refuses another', async () => {
      const named = (operationName: string) =>
        graph.post({ documentId: idOf(hello), operationName })
      expect((await named('Hello')).data).toEqual({ hello: 'world' })
      expect((await named('Other')).status).toBe(400)
    })
  })

  test('what ran is measured by its registered name, free text under one name for all', async () => {
    const watching = startHarness({ lane, registry })
    await watching.post({ documentId: idOf(hello) })
    await watching.post({ documentId: idOf(hello) })
    await watching.post({ documentId: idOf(greet), variables: {} })
    await watching.post({ query: 'query Mine { hello crash }' })
    await watching.post({ query: 'query Yours { mustNotFail }' })
    await watching.post({ documentId: `sha256:${sha256('{ hello }')}` })
    const name = 'graphql_operation_duration_seconds_count{service="gateway",'
    const lines = (await watching.metrics.text()).split('\n')
    const counts = lines
      .filter((line) => line.startsWith(name))
      .map((line) => line.slice(name.length))
    expect(counts).toEqual([
      'operation="Hello",outcome="ok"} 2',
      'operation="Greet",outcome="failed"} 1',
      'operation="free-text",outcome="partial"} 1',
      'operation="free-text",outcome="failed"} 1',
    ])
  })

  describe('anything else', () => {
    const unknown = `sha256:${sha256('{ hello }')}`
    const refused = { code: 'OPERATION_NOT_REGISTERED', requestId: 'request-1' }

    test('gets one and the same answer, so that nobody learns what is registered', async () => {
      const answers = await Promise.all([
        graph.post({ documentId: unknown }),
        graph.post({ documentId: 'sha256:short' }),
        graph.post({ documentId: hello.hash }),
        graph.post({ documentId: idOf(hello).toUpperCase() }),
        graph.post({ extensions: { persistedQuery: { version: 1, sha256Hash: '0' } } }),
        graph.post({ query: hello.document }),
        graph.post({ query: '{ hello }' }, signedIn),
        graph.post({ query: 'not GraphQL' }),
        graph.get({ documentId: unknown }),
        graph.get({ query: '{ hello }' }),
        graph.post({ query: '{ hello }' }, { ...explorer, credential: 'bearer' }),
        graph.post({ query: '{ hello }' }, { ...signedIn, clientAddress: '127.0.0.1' }),
      ])
      for (const { status, errors } of answers) {
        expect(status).toBe(403)
        expect(errors).toEqual([
          { message: 'This operation is not registered.', extensions: refused },
        ])
      }
      expect(graph.asked).toEqual([])
    })

    test('runs for a person who may explore', async () => {
      expect((await graph.post({ query: '{ hello }' }, explorer)).data).toEqual({ hello: 'world' })
    })

    test.each([
      ['127.0.0.1', 'session', 200],
      ['::1', 'session', 200],
      ['::ffff:127.0.0.1', 'session', 200],
      ['192.0.2.7', 'session', 403],
      ['127.0.0.1', 'bearer', 403],
      ['127.0.0.1', 'anonymous', 403],
    ] as const)(
      'during development, from %s by %s: %d',
      async (clientAddress, credential, status) => {
        const caller = { scopes: ['self'], credential, clientAddress }
        expect((await watched.post({ query: '{ hello }' }, caller)).status).toBe(status)
      },
    )
  })

  describe('what is published for', () => {
    const answers = { Hello: { hello: 'world' }, Count: { tripCount: 3 } }
    const run = (operation: { hash: string }, caller?: Caller) =>
      graph.post({ documentId: idOf(operation), variables: { name: 'Ada' } }, caller)

    test.each([
      ['nobody', hello, {}],
      ['a session', hello, signedIn],
      ['a token of our own pages', hello, ourOwn],
      ['a partner’s program', forPartners, partner],
    ])('%s runs', async (_, operation, caller) => {
      const { status, data } = await run(operation, caller)
      expect([status, data]).toEqual([200, Object(answers)[operation.name]])
    })

    test('both is run by both', async () => {
      for (const caller of [{}, signedIn, partner])
        expect((await run(greet, caller)).data).toEqual({ greet: 'GOOD day, Ada' })
    })

    test('somebody else is refused in the same words as what nobody ever registered', async () => {
      const unknown = await graph.post({ documentId: `sha256:${sha256('{ hello }')}` })
      const refused = await Promise.all([
        run(hello, partner),
        run(forPartners),
        run(forPartners, signedIn),
        run(forPartners, ourOwn),
        run(forPartners, explorer),
        run(hello, nameless),
        run(forPartners, nameless),
        graph.post({ query: hello.document }, partner),
        graph.post({ query: forPartners.document }, partner),
        graph.get({ documentId: idOf(hello) }, partner),
      ])
      expect(unknown.status).toBe(403)
      for (const { status, text } of refused) expect([status, text]).toEqual([403, unknown.text])
      expect(graph.asked).toEqual([])
    })
  })
})

describe('the registry file', () => {
  test('is refused when a hash is not that of its document', () => {
    const forged = [{ ...hello, document: '{ tripCount }' }]
    expect(() => registryFrom(JSON.stringify(forged))).toThrow('operation Hello')
  })

  test.each(['{}', '[{}]', '[', '[{"hash":"x"}]'])(
    'is refused when it is malformed: %s',
    (text) => {
      expect(() => registryFrom(text)).toThrow()
    },
  )
})

test('every operation that the product registers is within the limits, and fits the graph', async () => {
  const file = (name: string) => Bun.file(join(import.meta.dir, '../../schema', name)).text()
  const registered = registryFrom(await file('operations.json'))
  const supergraph = supergraphFrom(await file('supergraph.graphql'))
  const nowhere = async () => '{}'
  const engine = createStitchedEngine({
    supergraph,
    rules: rulesOf(supergraph),
    transports: new Map([...supergraph.subgraphNames.values()].map((name) => [name, nowhere])),
  })
  const operations: RegisteredOperation[] = JSON.parse(await file('operations.json'))
  expect(operations.length).toBeGreaterThan(0)
  for (const { hash, client } of operations) {
    const { document = '', kind, name } = registered.byHash(hash, [client]) ?? {}
    expect(() => admittedDocument(document, outsiderLimits)).not.toThrow()
    expect(await engine.prepare(document, null, variantOf(null))).toMatchObject({ kind, name })
  }
})

describe('what is registered', () => {
  const operations = registry.all()
  const supergraph = supergraphFrom(fakeSupergraph)
  const engineFor = () => {
    const names = [...supergraph.subgraphNames.values()]
    return createStitchedEngine({
      ...{ supergraph, rules: rulesOf(supergraph) },
      transports: new Map(names.map((name) => [name, async () => '{}'])),
    })
  }

  test('is prepared before anybody asks, each document once, and the log counts it', async () => {
    const lines: string[] = []
    let atOnce = 0
    let most = 0
    const engine = engineFor()
    const watchedEngine: Engine = {
      prepare: async (...asked) => {
        atOnce += 1
        most = Math.max(most, atOnce)
        await Promise.resolve()
        atOnce -= 1
        return engine.prepare(...asked)
      },
    }
    const log = { info: (line: string) => lines.push(line) }
    await prepareRegistered({ operations, engine: watchedEngine, log })
    expect(lines).toEqual([expect.stringMatching(/^Prepared 4 registered operations in \d+ ms$/)])
    expect(most).toBeLessThanOrEqual(4)
    for (const { document } of operations)
      expect(engine.known?.(document, null, variantOf(null))).not.toBeNull()
  })

  test('and does not fit the graph is refused by name', async () => {
    const bad = [entry('Gone', 'query', '{ gone }'), entry('Torn', 'query', '{ hello')]
    const all = registryFrom(JSON.stringify([...bad, hello])).all()
    const prepared = prepareRegistered({
      ...{ operations: all, engine: engineFor() },
      log: { info: () => {} },
    })
    await expect(prepared).rejects.toThrow(/Gone \(.*gone.*\), Torn \(Syntax Error/)
  })

  test('is known to the first who asks', async () => {
    const first = startHarness({ registry })
    await prepareRegistered({ operations, engine: first.engine, log: { info: () => {} } })
    expect((await first.post({ documentId: idOf(hello) })).data).toEqual({ hello: 'world' })
    expect(first.laneCounts).toEqual({ open: 0, fast: 1 })
  })
})
