import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '#kit/log'
import { createMetrics, type Metrics } from '#kit/metrics'
import type { Pool } from '#kit/postgres'
import {
  newAuthority,
  newCertificate,
  opensslMissing,
} from '../../../stack/testing/certificates.ts'
import { type TestDatabase, testDatabase } from '../../../stack/testing/database.ts'
import { createProber } from '../health/prober.ts'
import { type Graph, newGraph } from './graph.ts'

const clock = { at: new Date('2027-01-04T09:00:10Z') }
const now = () => clock.at
const log = createLog({ service: 'auth', level: 'silent' })
const isMissing = opensslMissing(process.env.CI === 'true') !== null

let base: TestDatabase
let admin: Pool
let answer: () => Response
let site: Bun.Server<undefined>
beforeAll(async () => {
  base = await testDatabase()
  admin = base.connectAdmin()
  site = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => answer() })
})
afterAll(async () => {
  await site.stop(true)
  await base.drop()
})

type Options = {
  targets?: { name: string; url: string }[]
  sql?: Pool
  metrics?: Metrics
}

const newProber = ({ targets, sql, metrics }: Options = {}) =>
  createProber({
    sql: sql ?? base.connect('auth'),
    settings: { targets: targets ?? [{ name: 'website', url: site.url.href }], everyMs: 60_000 },
    metrics: metrics ?? createMetrics('auth'),
    ...{ log, now, againMs: 0 },
  })

const rows = () => admin<{ target: string; at: Date; ok: boolean }[]>`
  select target, at, ok from auth.health_sample order by at, target`

describe('the prober', () => {
  test('[FC-06] writes what it saw of the website and of the database, once a turn however many look', async () => {
    answer = () => new Response('fine')
    await Promise.all([newProber().look(), newProber().look()])
    const at = new Date('2027-01-04T09:00:00Z')
    expect([...(await rows())]).toEqual([
      { target: 'database', at, ok: true },
      { target: 'website', at, ok: true },
    ])
    clock.at = new Date('2027-01-04T09:01:00Z')
    answer = () => new Response('no', { status: 503 })
    const prober = newProber()
    await prober.look()
    expect((await rows()).at(-1)).toMatchObject({ target: 'website', ok: false })
    expect(prober.latest('website')).toMatchObject({ ok: false, latencyMs: expect.any(Number) })
  })

  test('is not alarmed by one answer that was lost', async () => {
    let asked = 0
    answer = () => {
      asked += 1
      return new Response(null, { status: asked === 1 ? 502 : 200 })
    }
    const prober = newProber()
    await prober.look()
    expect(asked).toBe(2)
    expect(prober.latest('website')?.ok).toBe(true)
  })

  test('says that what does not listen is away', async () => {
    const prober = newProber({ targets: [{ name: 'away', url: 'http://127.0.0.1:1/' }] })
    await prober.look()
    expect(prober.latest('away')).toMatchObject({ ok: false, latencyMs: null })
  })

  test('forgets what is older than thirty days, and nothing newer', async () => {
    const ago = (days: number) => new Date(clock.at.getTime() - days * 24 * 3_600_000)
    const old = [30.1, 29.9].map((days) => ({ target: 'old', at: ago(days), ok: true }))
    await admin`insert into auth.health_sample ${admin(old)}`
    await newProber().look()
    const left = (await rows()).filter(({ target }) => target === 'old')
    expect(left.map(({ at }) => at)).toEqual([ago(29.9)])
  })

  test('tells Prometheus', async () => {
    answer = () => new Response('fine')
    const metrics = createMetrics('auth')
    const targets = [
      { name: 'website', url: site.url.href },
      { name: 'away', url: 'http://127.0.0.1:1/' },
    ]
    await newProber({ targets, metrics }).look()
    const text = await metrics.text()
    expect(text).toContain('probe_up{target="website",service="auth"} 1')
    expect(text).toContain('probe_up{target="away",service="auth"} 0')
    expect(text).toContain('probe_up{target="database",service="auth"} 1')
  })

  test.skipIf(isMissing)(
    'tells when a certificate ends, also of one that nobody trusts',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'plexus-health-'))
      const { key, file } = await newCertificate(
        folder,
        await newAuthority(folder, 'nobody'),
        'localhost',
      )
      const tls = { key: Bun.file(key), cert: Bun.file(file) }
      const secure = Bun.serve({ port: 0, tls, fetch: () => new Response('fine') })
      const metrics = createMetrics('auth')
      const url = `https://localhost:${secure.port}/`
      const prober = newProber({ targets: [{ name: 'secure', url }], metrics })
      await prober.look()
      const sample = prober.latest('secure')
      expect(sample?.ok).toBe(false)
      const leftMs = (sample?.certificateEndsAt?.getTime() ?? 0) - Date.now()
      expect(leftMs).toBeGreaterThan(24 * 3_600_000)
      expect(leftMs).toBeLessThanOrEqual(48 * 3_600_000)
      expect(await metrics.text()).toMatch(/probe_certificate_end_timestamp_seconds\{.*secure/)
      await secure.stop(true)
      await rm(folder, { recursive: true })
    },
  )

  test('keeps later what it saw while nothing could be kept', async () => {
    answer = () => new Response('no', { status: 503 })
    const prober = newProber()
    clock.at = new Date('2027-01-04T09:20:00Z')
    await admin`alter table auth.health_sample rename to health_sample_away`
    await expect(prober.look()).rejects.toThrow()
    await admin`alter table auth.health_sample_away rename to health_sample`
    clock.at = new Date('2027-01-04T09:21:00Z')
    await prober.look()
    const seen = (await rows()).filter(({ target }) => target === 'website').slice(-2)
    expect(seen.map(({ at }) => at.toISOString().slice(11, 16))).toEqual(['09:20', '09:21'])
  })

  test('without its database knows what it saw itself', async () => {
    answer = () => new Response('fine')
    const sql = base.connect('auth')
    await sql.end()
    const prober = newProber({ sql })
    await expect(prober.look()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(prober.latest('website')?.ok).toBe(true)
    expect(prober.latest('database')?.ok).toBe(false)
  })
})

describe('serviceStatus', () => {
  const query = `{ serviceStatus {
    state targets { name state checkedAt latencyMs certificateEndsAt days { day uptime } } } }`
  let graph: Graph
  beforeAll(async () => {
    graph = await newGraph(undefined, { PROBES: `website=${site.url.href},api=http://127.0.0.1:1` })
  })
  afterAll(() => graph.stop())
  const keep = (samples: { target: string; at: string; ok: boolean }[]) =>
    graph.admin`insert into auth.health_sample ${graph.admin(samples)}`

  test('is not known before anybody has looked', async () => {
    expect((await graph.as(null, query)).body).toMatchObject({
      data: {
        serviceStatus: {
          state: 'UNKNOWN',
          targets: ['website', 'api', 'database'].map((name) => ({
            ...{ name, state: 'UNKNOWN', checkedAt: null, days: [] },
          })),
        },
      },
    })
  })

  test('tells everybody what was seen last, and how the last days were', async () => {
    await keep([
      { target: 'website', at: '2027-01-02T23:59:00Z', ok: true },
      { target: 'website', at: '2027-01-03T00:00:00Z', ok: false },
      { target: 'website', at: '2027-01-03T00:01:00Z', ok: true },
      { target: 'website', at: '2027-01-04T08:59:00Z', ok: true },
      { target: 'api', at: '2027-01-04T08:59:00Z', ok: false },
      { target: 'database', at: '2027-01-04T08:40:00Z', ok: true },
      { target: 'gone', at: '2027-01-04T08:59:00Z', ok: false },
    ])
    expect((await graph.as(null, query)).body).toMatchObject({
      data: {
        serviceStatus: {
          state: 'DOWN',
          targets: [
            {
              ...{ name: 'website', state: 'UP', checkedAt: '2027-01-04T08:59:00.000Z' },
              days: [
                { day: '2027-01-02', uptime: 1 },
                { day: '2027-01-03', uptime: 0.5 },
                { day: '2027-01-04', uptime: 1 },
              ],
            },
            { name: 'api', state: 'DOWN', latencyMs: null },
            { name: 'database', state: 'UNKNOWN' },
          ],
        },
      },
    })
  })
})

test('nobody but the prober writes what was seen', async () => {
  const sql = base.connect('auth')
  const forged = sql`insert into health_sample (target, at, ok) values ('website', now(), true)`
  await expect(forged.execute()).rejects.toThrow('row-level security')
})
