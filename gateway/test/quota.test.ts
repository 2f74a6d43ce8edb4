import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { createLog } from '#kit/log'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { bucketsIn } from '../admission/bucket.postgres.ts'
import type { RateBuckets } from '../admission/bucket.ts'
import { createQuota } from '../admission/quota.ts'
import { quotaDefaults } from '../admission/quota-limits.ts'
import { registryFrom } from '../operations/registry.ts'
import { createBrowser, publicOrigin, startEdge, type TestEdge } from './edge-harness.ts'
import { startHarness } from './harness.ts'
import { startProvider, type TestProvider, clientId as webClientId } from './provider.ts'

const document = 'query Hello { hello }'
const hash = createHash('sha256').update(document).digest('hex')
const ownedBy = (client: string) => ({
  ...{ hash, document, name: 'Hello', kind: 'query' },
  ...{ client, contract: 'public' },
})
const registry = registryFrom(JSON.stringify([ownedBy('partner'), ownedBy('web')]))
const operation = JSON.stringify({ documentId: `sha256:${hash}` })

/** Nothing is reckoned here, so an operation is a point, and so is a request. */
const limits = { ...quotaDefaults, pointsPerRequest: 1 }

let provider: TestProvider
let db: TestDatabase
let time: Date
let clients = 0
const edges: TestEdge[] = []
const lines: string[] = []

beforeAll(async () => {
  provider = await startProvider({ now: () => time })
  db = await testDatabase()
  time = new Date()
})
afterAll(async () => {
  await Promise.all(edges.map((edge) => edge.stop()))
  await db.drop()
  provider.stop()
})

const later = (seconds: number) => {
  time = new Date(time.getTime() + seconds * 1_000)
}

/** A busy machine is no outage. */
const patienceMs = 60_000

/** One instance with its own connections; the counts of all are in the same database. */
async function gateway(
  bucketsOf: (shared: RateBuckets) => RateBuckets = (shared) => shared,
  waiting: { readonly patienceMs?: number } = { patienceMs },
) {
  const sql = db.connect('gateway')
  const now = () => time
  const quota = createQuota({
    ...{ webClientId, now, buckets: bucketsOf(bucketsIn(sql)), limits, ...waiting },
    log: createLog({ service: 'gateway', write: (line) => void lines.push(line) }),
  })
  const { graph } = startHarness({ registry, freeText: () => false, quota })
  const edge = await startEdge({ issuer: provider.issuer, sql, now, last: graph })
  edges.push(edge)
  return edge
}

type Program = { readonly id: string; readonly limit?: unknown }

const program = (limit?: unknown): Program => {
  clients += 1
  return { id: `partner-${clients}`, limit }
}

async function ask(edge: TestEdge, { id, limit }: Program, headers: Record<string, string> = {}) {
  const claims = { sub: id, client_id: id, roles: ['partner_app'], scope: 'bookings:read' }
  const exp = Math.floor(time.getTime() / 1_000) + 300
  const token = await provider.accessToken({ ...claims, exp, rate_limit_per_minute: limit })
  const answer = await edge.fetch(
    new Request(`${publicOrigin}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body: operation,
    }),
  )
  return { status: answer.status, headers: answer.headers, body: await answer.json() }
}

type Asking = { readonly program: Program; readonly times: number }

/** The statuses, one request after the other. */
async function statuses(edge: TestEdge, { program, times }: Asking) {
  const seen: number[] = []
  for (let count = 0; count < times; count += 1) seen.push((await ask(edge, program)).status)
  return seen
}

describe('a program that asks too often', () => {
  test('is refused with the code, when to come back, and how the limit stands', async () => {
    const edge = await gateway()
    const partner = program(3)
    const first = await ask(edge, partner)
    expect(first.body).toEqual({ data: { hello: 'world' } })
    expect(first.headers.get('ratelimit-policy')).toBe('"client";q=3;qu="points";w=60')
    expect(first.headers.get('ratelimit')).toBe('"client";r=2;t=20')
    expect(await statuses(edge, { program: partner, times: 2 })).toEqual([200, 200])
    const refused = await ask(edge, partner)
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('20')
    expect(refused.headers.get('ratelimit')).toBe('"client";r=0;t=60')
    expect(refused.body).toEqual({
      errors: [
        {
          message: 'This program may spend 3 points a minute. Wait 20 s.',
          extensions: { code: 'RATE_LIMITED', requestId: 'request-1' },
        },
      ],
    })
  })

  test('may ask again after the time that it was told, and after a minute as often as at first', async () => {
    const edge = await gateway()
    const partner = program(7)
    expect(await statuses(edge, { program: partner, times: 8 })).toEqual([
      ...Array(7).fill(200),
      429,
    ])
    const { headers } = await ask(edge, partner)
    later(Number(headers.get('retry-after')))
    expect(await statuses(edge, { program: partner, times: 2 })).toEqual([200, 429])
    later(60)
    expect((await statuses(edge, { program: partner, times: 8 })).at(-1)).toBe(429)
  })

  test('is told so as JSON when it asked for events', async () => {
    const edge = await gateway()
    const partner = program(1)
    await ask(edge, partner)
    const { status, headers } = await ask(edge, partner, { accept: 'text/event-stream' })
    expect([status, headers.get('retry-after')]).toEqual([429, '60'])
  })

  test('negative control: without the quota nothing refuses it', async () => {
    const { graph } = startHarness({ registry, freeText: () => false })
    const sql = db.connect('gateway')
    const edge = await startEdge({ issuer: provider.issuer, sql, now: () => time, last: graph })
    edges.push(edge)
    const asking = { program: program(3), times: 5 }
    expect(await statuses(edge, asking)).toEqual([200, 200, 200, 200, 200])
  })
})

describe('two instances over one database', () => {
  test('[MP-65] share the limit, whichever of them is asked', async () => {
    const [one, other] = [await gateway(), await gateway()]
    const partner = program(4)
    const seen: number[] = []
    for (const edge of [one, other, one, other, one, other])
      seen.push((await ask(edge, partner)).status)
    expect(seen).toEqual([200, 200, 200, 200, 429, 429])
  })

  test('[MP-65] let through no more than that of what comes at the same instant', async () => {
    const both = [await gateway(), await gateway()]
    const partner = program(10)
    const answers = await Promise.all(
      both.flatMap((edge) => Array.from({ length: 20 }, () => ask(edge, partner))),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(30)
  })

  test('negative control: two that count alone let through twice as much', async () => {
    const alone = () => ({ draw: () => Promise.reject(new Error('no database')) })
    const both = [await gateway(alone), await gateway(alone)]
    const partner = program(10)
    const answers = await Promise.all(
      both.flatMap((edge) => Array.from({ length: 20 }, () => ask(edge, partner))),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(20)
  })

  test('whose clocks differ by an hour do not shut a program out for an hour', async () => {
    const [one, ahead] = [await gateway(), await gateway()]
    const partner = program(2)
    later(3_600)
    await statuses(ahead, { program: partner, times: 3 })
    later(-3_600)
    expect((await ask(one, partner)).status).toBe(429)
    later(60)
    expect((await ask(one, partner)).status).toBe(200)
  })
})

test('a limit that is changed holds from the next token on', async () => {
  const edge = await gateway()
  const partner = program(2)
  expect(await statuses(edge, { program: partner, times: 3 })).toEqual([200, 200, 429])
  const raised = { ...partner, limit: 60 }
  later(10)
  expect(await statuses(edge, { program: partner, times: 1 })).toEqual([429])
  expect((await statuses(edge, { program: raised, times: 11 })).indexOf(429)).toBe(10)
  later(60)
  expect(await statuses(edge, { program: { ...partner, limit: 1 }, times: 2 })).toEqual([200, 429])
})

test('a program over its limit takes nothing from another, and is refused without the database', async () => {
  let drawn = 0
  const edge = await gateway((shared) => ({
    draw: (key, draw) => {
      drawn += 1
      return shared.draw(key, draw)
    },
  }))
  const [greedy, modest] = [program(5), program(5)]
  const flood = await Promise.all(Array.from({ length: 200 }, () => ask(edge, greedy)))
  expect(flood.filter(({ status }) => status === 200)).toHaveLength(5)
  expect(drawn).toBe(5)
  const answer = await ask(edge, modest)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('ratelimit')).toBe('"client";r=4;t=12')
})

describe('while the shared count is out of reach', () => {
  const away = (how: () => Promise<never>) => {
    let isAway = true
    const buckets = (shared: RateBuckets): RateBuckets => ({
      draw: (key, draw) => (isAway ? how() : shared.draw(key, draw)),
    })
    const back = () => {
      isAway = false
    }
    return { buckets, back }
  }

  test('an instance counts for itself, and the log says once that it does and once that it is over', async () => {
    lines.length = 0
    const outage = away(() => Promise.reject(new Error('the server has gone')))
    const edge = await gateway(outage.buckets)
    const partner = program(3)
    expect(await statuses(edge, { program: partner, times: 4 })).toEqual([200, 200, 200, 429])
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('the server has gone')
    outage.back()
    later(60)
    await statuses(edge, { program: partner, times: 2 })
    expect(lines).toHaveLength(2)
  })

  test('a database that never answers holds nobody up for long', async () => {
    const edge = await gateway(away(() => new Promise<never>(() => {})).buckets, {})
    const startedAt = performance.now()
    expect((await ask(edge, program(3))).status).toBe(200)
    expect(performance.now() - startedAt).toBeLessThan(5_000)
  })
})

describe('who is counted', () => {
  test('a program whose token names no limit has the usual one', async () => {
    const { headers } = await ask(await gateway(), program())
    expect(headers.get('ratelimit-policy')).toBe('"client";q=600;qu="points";w=60')
  })

  test('a limit may be written as a text, as Keycloak maps an attribute', async () => {
    const { headers } = await ask(await gateway(), program('30'))
    expect(headers.get('ratelimit-policy')).toBe('"client";q=30;qu="points";w=60')
  })

  test.each([0, -1, 1.5, 6_001, 'many'])(
    'a token with the limit %p is no good token',
    async (limit) => {
      expect((await ask(await gateway(), program(limit))).status).toBe(401)
    },
  )

  test('people, with a cookie or with a token of the pages, and nobody are not', async () => {
    const edge = await gateway()
    const person = { id: webClientId, limit: 1 }
    const answers = [await ask(edge, person), await ask(edge, person)]
    const browser = createBrowser(edge.fetch)
    await browser.signIn()
    const headers = { 'content-type': 'application/json', origin: publicOrigin }
    const jsonPost = { method: 'POST', headers, body: operation }
    const send = () => browser.send('/graphql', jsonPost)
    const nobody = () => edge.fetch(new Request(`${publicOrigin}/graphql`, jsonPost))
    for (const { status, headers } of [...answers, await send(), await nobody()]) {
      expect(status).toBe(200)
      expect(headers.has('ratelimit')).toBe(false)
    }
  })
})
