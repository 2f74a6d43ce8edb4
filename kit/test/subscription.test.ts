import { describe, expect, test } from 'bun:test'
import { exportJWK, generateKeyPair } from 'jose'
import { createBuilder, requires, type SubgraphContext, signedIn } from '#kit/builder'
import { AppError } from '#kit/errors'
import { createMinter, createVerifier, type Viewer } from '#kit/identity-token'
import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import { connect } from '#kit/postgres'
import { serve } from '#kit/serve'
import { createSubgraph } from '#kit/subgraph'
import { until } from './until.ts'

type Context = SubgraphContext & { readonly asked: { count: number } }

let contexts = 0
let begun = 0
let ended = 0

async function* countdown(from: number, signal: AbortSignal) {
  begun += 1
  try {
    for (let left = from; left > 0; left -= 1) yield left
    if (from === 0) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    }
  } finally {
    ended += 1
  }
}

const { builder } = createBuilder<Context>(['DateTime'])
builder.queryType({ fields: (t) => ({ ok: t.boolean({ ...signedIn, resolve: () => true }) }) })
builder.subscriptionType({
  fields: (t) => ({
    /** 0 counts nothing and waits. */
    countdown: t.int({
      ...requires(['self']),
      args: { from: t.arg.int({ required: true }) },
      subscribe: (_, { from }, { signal }) => countdown(from, signal),
      resolve: (left, _, { asked }) => {
        asked.count += 1
        if (left === 13) throw new Error('the secret of thirteen')
        if (left === 7) throw new AppError('CONFLICT', 'Seven is taken.')
        return left * 100 + asked.count
      },
    }),
    hidden: t.int({
      ...signedIn,
      subscribe: (): AsyncIterable<number> => {
        throw new Error('the secret of the cellar')
      },
      resolve: (it) => it,
    }),
  }),
})

const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true })
const kid = 'test'
const now = () => new Date()
const minter = createMinter({ privateJwk: { ...(await exportJWK(privateKey)), kid }, now })
const publicJwks = [{ ...(await exportJWK(publicKey)), kid }]
const log = createLog({ service: 'rooms', level: 'silent' })

const subgraph = createSubgraph<Context>({
  schema: builder.toSubGraphSchema({ linkUrl: 'https://specs.apollo.dev/federation/v2.9' }),
  // No query of these tests asks the database.
  sql: connect({ url: 'postgres://nobody@127.0.0.1:1/none', service: 'rooms' }),
  verifier: createVerifier({ publicJwks, audience: 'rooms', now }),
  log,
  now,
  heartbeatMs: 20,
  extend: (base) => {
    contexts += 1
    return { ...base, asked: { count: 0 } }
  },
})

const person: Viewer = {
  id: crypto.randomUUID(),
  roles: ['CLIENT'],
  scopes: new Set(['self']),
  acr: '1',
  actor: null,
  sessionId: null,
}

async function requestFor(
  query: string,
  {
    viewer = person,
    url = 'http://rooms/graphql',
    ...init
  }: {
    viewer?: Viewer | null
    url?: string
    signal?: AbortSignal
  } = {},
) {
  const token = await minter.mint(viewer, 'rooms')
  return new Request(url, {
    ...init,
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({ query }),
  })
}

const ask = async (query: string, viewer: Viewer | null = person) =>
  subgraph.fetch(await requestFor(query, { viewer }))

/** The blocks of a stream without its comments. */
const blocksOf = async (response: Response) =>
  (await response.text()).split('\n\n').filter((block) => block !== '' && !block.startsWith(':'))
const answersOf = async (response: Response) =>
  (await blocksOf(response))
    .filter((block) => block.startsWith('event: next'))
    .map((block) => JSON.parse(block.slice(block.indexOf('data:') + 5)))

describe('a subscription', () => {
  test('sends each answer as an event and says when it is complete', async () => {
    const response = await ask('subscription { countdown(from: 2) }')
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await blocksOf(response)).toEqual([
      'event: next\ndata: {"data":{"countdown":201}}',
      'event: next\ndata: {"data":{"countdown":101}}',
      'event: complete\ndata:',
    ])
  })

  test('answers each event in a context of its own', async () => {
    const before = contexts
    await blocksOf(await ask('subscription { countdown(from: 5) }'))
    // One for the request and one for each event; a shared one would have counted further.
    expect(contexts - before).toBe(6)
  })

  test('masks what our own code throws in the middle, and goes on', async () => {
    const answers = await answersOf(await ask('subscription { countdown(from: 14) }'))
    expect(answers).toHaveLength(14)
    const [, thirteen] = answers
    expect(thirteen.data).toBeNull()
    expect(thirteen.errors[0].extensions.code).toBe('INTERNAL')
    expect(JSON.stringify(answers)).not.toContain('secret')
    expect(answers[7].errors[0]).toMatchObject({
      message: 'Seven is taken.',
      extensions: { code: 'CONFLICT' },
    })
    expect(answers.at(-1)).toEqual({ data: { countdown: 101 } })
  })

  test('masks what is thrown before the first event', async () => {
    const text = await (await ask('subscription { hidden }')).text()
    expect(text).toContain('INTERNAL')
    expect(text).not.toContain('secret')
  })

  test('is refused before anything of it runs', async () => {
    const before = begun
    for (const [viewer, code] of [
      [null, 'UNAUTHENTICATED'],
      [{ ...person, roles: ['SUPPORT'], scopes: new Set<string>() }, 'FORBIDDEN'],
    ] as const) {
      const [refused] = await answersOf(await ask('subscription { countdown(from: 1) }', viewer))
      expect(refused.errors[0].extensions.code).toBe(code)
    }
    expect(begun).toBe(before)
  })
})

describe('the stream of a subscription', () => {
  test('is read ahead by no more than one event, however long nobody reads', async () => {
    const before = contexts
    const response = await ask('subscription { countdown(from: 1000) }')
    for (let turn = 0; turn < 200; turn += 1) await new Promise(setImmediate)
    expect(contexts - before).toBeLessThan(5)
    await response.body?.cancel()
  })

  test('ends what it waits for when the reader leaves', async () => {
    const response = await ask('subscription { countdown(from: 0) }')
    const reader = response.body?.getReader()
    await reader?.read()
    const before = ended
    await reader?.cancel()
    await until('it has ended', () => ended === before + 1)
  })

  test('ends when the caller aborts its request', async () => {
    const leaving = new AbortController()
    const request = await requestFor('subscription { countdown(from: 0) }', {
      signal: leaving.signal,
    })
    const response = await subgraph.fetch(request)
    const before = ended
    const text = response.text().catch(() => 'cut')
    leaving.abort()
    await until('it has ended', () => ended === before + 1)
    await text
  })

  test('over a socket it outlives the idle timeout by its comments, and ends with the connection', async () => {
    const server = await serve({
      service: 'rooms',
      port: 0,
      portSetting: 'PORT',
      fetch: (request) => subgraph.fetch(request),
      log,
      metrics: createMetrics('rooms'),
      idleTimeoutSeconds: 1,
    })
    const leaving = new AbortController()
    const request = await requestFor('subscription { countdown(from: 0) }', {
      url: new URL('/graphql', server.url).href,
      signal: leaving.signal,
    })
    const response = await fetch(request)
    const reader = response.body?.getReader()
    const startedAt = performance.now()
    let comments = 0
    while (performance.now() - startedAt < 2_500) {
      const chunk = await reader?.read()
      expect(chunk?.done).toBe(false)
      comments += 1
    }
    expect(comments).toBeGreaterThan(10)
    const before = ended
    leaving.abort()
    await until('it has ended', () => ended === before + 1)
    await server.stop()
  }, 15_000)
})
