import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { registryFrom, sha256 } from '../operations/registry.ts'
import { createBrowser, publicOrigin, startEdge, type TestEdge } from './edge-harness.ts'
import { compose, type FakeRoom } from './fake-subgraphs.ts'
import { startHarness } from './harness.ts'
import { withCacheControl } from './kept/cache-control.ts'
import { startProvider, type TestProvider } from './provider.ts'

/** Fields that say how long they may be kept, and some that do not. */
const shop: FakeRoom = {
  name: 'shop',
  typeDefs: `${withCacheControl}
  type Query {
    coaches: [Coach!]! @cacheControl(maxAge: 60)
    coach(slug: String!): Coach @cacheControl(maxAge: 60)
    slots: [String!]! @cacheControl(maxAge: 5)
    own: [Coach!]! @cacheControl(maxAge: 60, scope: PRIVATE)
    viewer: String
  }
  type Mutation { touch: Int }
  type Coach { name: String! nextFreeSlot: String @cacheControl(maxAge: 5) mail: String @authenticated broken: String }`,
  resolvers: {
    Query: {
      coaches: () => Array.from({ length: 60 }, () => coach),
      coach: (_: unknown, { slug }: { slug: string }) => ({ ...coach, name: slug }),
      slots: () => ['09:00'],
      own: () => [],
      viewer: () => null,
    },
    Mutation: { touch: () => 1 },
    Coach: {
      broken: () => {
        throw new Error('password=hunter2')
      },
    },
  },
}
const coach = { name: 'Ada of Bern', nextFreeSlot: '09:00', mail: 'ada@example.org' }

const documents = {
  Coaches: 'query Coaches { coaches { name } }',
  Coach: 'query Coach($slug: String!) { coach(slug: $slug) { name } }',
  Soon: 'query Soon { coaches { name nextFreeSlot } }',
  Slots: 'query Slots { slots coaches { name } }',
  Mine: 'query Mine { viewer coaches { name } }',
  Own: 'query Own { own { name } coaches { name } }',
  Mail: 'query Mail { coaches { mail } }',
  Broken: 'query Broken { coaches { broken } }',
}
type Name = keyof typeof documents
const registry = registryFrom(
  JSON.stringify(
    Object.entries(documents).map(([name, document]) => ({
      ...{ name, document, kind: 'query', client: 'web', contract: 'public' },
      hash: sha256(document),
    })),
  ),
)

let provider: TestProvider
let db: TestDatabase
let edge: TestEdge
let asked: unknown[]

beforeAll(async () => {
  provider = await startProvider()
  db = await testDatabase()
  const rooms = [shop]
  const harness = startHarness({ registry, rooms, supergraph: compose({ shop: shop.typeDefs }) })
  asked = harness.asked
  edge = await startEdge({
    ...{ issuer: provider.issuer, sql: db.connect('gateway'), last: harness.graph },
    config: { allowedOrigins: ['https://shop.test'] },
  })
})
beforeEach(() => {
  asked.length = 0
})
afterAll(async () => {
  await edge.stop()
  await db.drop()
  provider.stop()
})

const addressOf = (name: Name, variables = {}) => {
  const documentId = `sha256:${sha256(documents[name])}`
  const wanted = { documentId, variables: JSON.stringify(variables) }
  return `${publicOrigin}/graphql?${new URLSearchParams(wanted)}`
}
const get = (name: Name, headers: HeadersInit = {}, variables = {}) =>
  edge.fetch(new Request(addressOf(name, variables), { headers }))

describe('an answer that anybody would get', () => {
  test('[MP-84] may be kept, and is tagged', async () => {
    const { status, headers } = await get('Coaches')
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('public, max-age=60, stale-while-revalidate=300')
    expect(headers.get('etag')).toMatch(/^"[\w-]{22}"$/)
    for (const name of ['accept', 'accept-encoding', 'authorization', 'cookie', 'origin'])
      expect(headers.get('vary')).toContain(name)
  })

  test.each(['Soon', 'Slots'] as const)('is fresh where %s are concerned', async (name) => {
    const { headers } = await get(name)
    expect(headers.get('cache-control')).toBe('public, max-age=5, stale-while-revalidate=5')
  })

  test('is not sent again to who has it, in either form of its bytes', async () => {
    const tags = new Set<string>()
    for (const encoding of ['identity', 'gzip']) {
      const accepted = { 'accept-encoding': encoding }
      const tag = (await get('Coaches', accepted)).headers.get('etag') ?? ''
      tags.add(tag)
      const again = await get('Coaches', { ...accepted, 'if-none-match': `"other", ${tag}` })
      expect([again.status, await again.text()]).toEqual([304, ''])
      expect(again.headers.get('etag')).toBe(tag)
      expect(again.headers.get('cache-control')).toStartWith('public')
      expect(again.headers.has('content-encoding')).toBe(false)
    }
    expect(tags.size).toBe(2)
  })

  test('changes its tag with its bytes', async () => {
    const tagOf = async (slug: string) => (await get('Coach', {}, { slug })).headers.get('etag')
    expect(await tagOf('ada')).not.toBe(await tagOf('bob'))
    expect(await tagOf('ada')).toBe(await tagOf('ada'))
  })
})

describe('nobody else may keep an answer', () => {
  const isPrivate = ({ headers }: Response) => {
    expect(headers.get('cache-control')).toBe('private, no-store')
    expect(headers.has('etag')).toBe(false)
  }

  test.each(['Mine', 'Own', 'Mail', 'Broken'] as const)(
    'to %s, which depends on who asks or has failed',
    async (name) => {
      const answer = await get(name)
      expect(answer.status).toBe(200)
      isPrivate(answer)
    },
  )

  test('of somebody: with a session, a token or any cookie at all', async () => {
    const browser = createBrowser(edge.fetch)
    await browser.signIn()
    const { pathname, search } = new URL(addressOf('Coaches'))
    isPrivate(await browser.send(pathname + search))
    isPrivate(await get('Coaches', { authorization: `Bearer ${await provider.accessToken()}` }))
    isPrivate(await get('Coaches', { cookie: 'theme=dark' }))
  })

  test('that was posted, or refused', async () => {
    const body = JSON.stringify({ documentId: `sha256:${sha256(documents.Coaches)}` })
    const headers = { 'content-type': 'application/json' }
    const url = `${publicOrigin}/graphql`
    isPrivate(await edge.fetch(new Request(url, { method: 'POST', headers, body })))
    isPrivate(await edge.fetch(new Request(`${url}?documentId=sha256:0`)))
    isPrivate(await get('Coach'))
  })
})
