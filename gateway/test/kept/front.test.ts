import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { type TestDatabase, testDatabase } from '../../../stack/testing/database.ts'
import type { Stage } from '../../exchange.ts'
import { sha256 } from '../../operations/registry.ts'
import { createBrowser, publicOrigin, startEdge, type TestEdge } from '../edge-harness.ts'
import { startProvider, type TestProvider } from '../provider.ts'
import { documents, leaId, type Name, said, startWorld, type World } from './world.ts'

let provider: TestProvider
let db: TestDatabase
let edge: TestEdge
let world: World
/** Whether the operation is still published, and the graph that is served. */
let isServed = true
let served: object = {}
/** How many requests the stages behind the front have answered. */
let behind = 0

beforeAll(async () => {
  provider = await startProvider()
  db = await testDatabase()
  world = await startWorld({ isServed: () => isServed, served: () => served })
  const counted: Stage = (exchange, next) => {
    behind += 1
    return world.harness.graph(exchange, next)
  }
  const last: Stage = (exchange, next) => world.kept.front(exchange, () => counted(exchange, next))
  edge = await startEdge({
    ...{ issuer: provider.issuer, sql: db.connect('gateway'), last },
    config: { allowedOrigins: ['https://shop.test'] },
  })
})
beforeEach(() => {
  world.clock.now += 10_000_000
  behind = 0
  isServed = true
  said.headline = 'calm'
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
const get = async (name: Name, headers: HeadersInit = {}, variables = {}) => {
  const response = await edge.fetch(new Request(addressOf(name, variables), { headers }))
  return { response, text: await response.clone().text() }
}
const told = ({ headers }: Response) =>
  Object.fromEntries([...headers].filter(([name]) => name !== 'age'))

describe("nobody's GET of what is public", () => {
  test('is answered by its address alone, as it was at first', async () => {
    const first = await get('Coaches')
    const again = await get('Coaches')
    expect(behind).toBe(1)
    expect(again.text).toBe(first.text)
    expect(told(again.response)).toEqual(told(first.response))
    expect(again.response.headers.get('cache-control')).toStartWith('public, max-age=60')
  })

  test('is told how old its answer is, and has a new one when that is too old', async () => {
    expect((await get('Coaches')).response.headers.get('age')).toBe('0')
    world.clock.now += 7_500
    expect((await get('Coaches')).response.headers.get('age')).toBe('7')
    said.headline = 'changed'
    world.clock.now += 3_600_000
    expect((await get('Coaches')).text).toContain('changed')
  })

  test('has each form of its bytes under a tag of its own, and 304 for who has it', async () => {
    const forms = []
    for (const encoding of ['identity', 'gzip']) {
      const headers = { 'accept-encoding': encoding }
      await get('Coaches', headers)
      const { response } = await get('Coaches', headers)
      const tag = response.headers.get('etag') ?? ''
      forms.push([tag, response.headers.get('content-encoding')])
      const known = await get('Coaches', { ...headers, 'if-none-match': `W/${tag}` })
      expect([known.response.status, known.text]).toEqual([304, ''])
      expect(known.response.headers.get('etag')).toBe(tag)
      expect(known.response.headers.has('content-type')).toBe(false)
    }
    expect(new Set(forms.map(([tag]) => tag)).size).toBe(forms[1]?.[1] ? 2 : 1)
  })

  test('has an answer of its own for each type, variables and origin', async () => {
    const types = ['application/json', 'application/graphql-response+json']
    for (const accept of [...types, ...types]) {
      const { response } = await get('Coaches', { accept })
      expect(response.headers.get('content-type')).toStartWith(accept)
    }
    expect(behind).toBe(2)
    expect((await get('Coach', {}, { id: leaId })).text).toContain('calm')
    expect((await get('Coach', {}, { id: 'none' })).text).toContain('null')
    const shop = await get('Coaches', { origin: 'https://shop.test' })
    expect(shop.response.headers.get('access-control-allow-origin')).toBe('https://shop.test')
    const other = await get('Coaches', { origin: 'https://evil.test' })
    expect(other.response.headers.has('access-control-allow-origin')).toBe(false)
  })

  test('ends with what it tells of, with its operation and with its graph', async () => {
    await get('Coaches')
    said.headline = 'changed'
    await world.ask('Write', { scopes: [] }, { variables: { id: leaId } })
    expect((await get('Coaches')).text).toContain('changed')
    behind = 0
    isServed = false
    await get('Coaches')
    expect(behind).toBe(1)
    isServed = true
    await get('Coaches')
    served = {}
    await get('Coaches')
    expect(behind).toBe(2)
  })
})

describe('the shared entry is not for', () => {
  test('whoever sends a cookie, a token or a body', async () => {
    await get('Coaches')
    const browser = createBrowser(edge.fetch)
    await browser.signIn()
    const { pathname, search } = new URL(addressOf('Coaches'))
    const own = await browser.send(pathname + search)
    expect(own.headers.get('cache-control')).toBe('private, no-store')
    const token = await provider.accessToken()
    const answers = [
      await get('Coaches', { cookie: 'theme=dark' }),
      await get('Coaches', { authorization: `Bearer ${token}` }),
    ]
    for (const { response } of answers)
      expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(behind).toBe(4)
    expect(await own.text()).not.toBe((await get('Coaches')).text)
  })

  test('anybody who is told of it, but an explorer, who reads how their own came to be', async () => {
    const { pathname, search } = new URL(addressOf('Coaches'))
    const outcomes = async (role: string) => {
      provider.person.roles = [role]
      const browser = createBrowser(edge.fetch)
      await browser.signIn()
      const told: (string | null)[] = []
      for (let round = 0; round < 2; round += 1)
        told.push((await browser.send(pathname + search)).headers.get('x-plexus-cache'))
      return told
    }
    expect(await outcomes('admin')).toEqual(['miss', 'hit'])
    expect(await outcomes('client')).toEqual([null, null])
    expect((await get('Coaches')).response.headers.has('x-plexus-cache')).toBe(false)
  })

  test('what failed, or is nobody else’s', async () => {
    for (const name of ['Unsaid', 'Own', 'Secret'] as const) {
      await get(name)
      const { response } = await get(name)
      expect(response.headers.get('cache-control')).toBe('private, no-store')
    }
    expect(behind).toBe(6)
    expect((await get('Coach', { authorization: 'Bearer nonsense' })).response.status).toBe(401)
  })
})
