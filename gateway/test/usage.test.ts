import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { createLog } from '#kit/log'
import type { Pool } from '#kit/postgres'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { usesIn } from '../usage/queries.ts'
import { createUsage, type Run, type Use } from '../usage/usage.ts'

let base: TestDatabase
let sql: Pool
let admin: Pool
const lines: string[] = []
const log = createLog({ service: 'gateway', write: (line) => void lines.push(line) })
const document = 'query Coaches { coaches { pageInfo { hasNextPage } } }'
const hash = createHash('sha256').update(document).digest('hex')
const at = new Date('2026-11-22T10:00:00Z')

beforeAll(async () => {
  base = await testDatabase()
  sql = base.connect('gateway')
  admin = base.connectAdmin()
  await admin`
    insert into auth.operation (client, hash, name, kind, document, cost, contract)
    values ('partner', ${hash}, 'Coaches', 'query', ${document}, 1, 'partner')`
})
afterAll(() => base.drop())

const counting = (add: (uses: readonly Use[]) => Promise<void> = usesIn(sql)) =>
  createUsage({ add, log, webClientId: 'plexus-web', now: () => at, everyMs: 60_000 })

const registered = { name: 'Coaches', hash, client: 'partner', version: '' }
const run = (clientId: string | null, change: Partial<Run> = {}): Run => ({
  exchange: { registered, clientId, credential: clientId === null ? 'session' : 'bearer' },
  ...{ isFailed: false, seconds: 0.01, ...change },
})

const known = () => admin`
  select caller, calls::int, failed::int, last_at
  from gateway.operation_use
  order by caller`

test('what ran is added up by caller and day over instances, and the registry is told', async () => {
  const instances = [counting(), counting(), counting()]
  for (const usage of instances) {
    usage.seen(run('acme'))
    usage.seen(run('acme', { isFailed: true, seconds: 1 }))
    usage.seen(run('plexus-web'))
    usage.seen(run(null))
  }
  await Promise.all(instances.map((usage) => usage.stop()))
  expect([...(await known())]).toEqual([
    { caller: 'acme', calls: 6, failed: 3, lastAt: at },
    { caller: 'web', calls: 6, failed: 0, lastAt: at },
  ])
  const [operation] = await admin`select calls::int, p95_ms, last_seen from auth.operation`
  expect(operation).toMatchObject({ calls: 12, lastSeen: at })
  expect(operation?.p95Ms).toBeGreaterThanOrEqual(1_000)
})

test('free text is nobody’s contract, and is not counted', async () => {
  const added: Use[] = []
  const usage = counting(async (uses) => void added.push(...uses))
  usage.seen(
    run('acme', { exchange: { registered: null, clientId: 'acme', credential: 'bearer' } }),
  )
  await usage.stop()
  expect(added).toEqual([])
})

test('what could not be written down waits, and is written once the database is back', async () => {
  const added: Use[] = []
  let isAway = true
  const usage = createUsage({
    add: async (uses) => {
      if (isAway) throw new Error('away')
      added.push(...uses)
    },
    ...{ log, webClientId: 'plexus-web', now: () => at, everyMs: 5 },
  })
  usage.seen(run('acme'))
  usage.start()
  const deadline = performance.now() + 5_000
  while (!lines.some((line) => line.includes('cannot be written down'))) {
    if (performance.now() > deadline) throw new Error('Nobody said that it cannot be written.')
    await Bun.sleep(5)
  }
  usage.seen(run('acme'))
  isAway = false
  await usage.stop()
  expect(added).toMatchObject([{ caller: 'acme', calls: 2 }])
})

test('auth reads what was run, and nothing else of the gateway', async () => {
  const auth = base.connect('auth')
  expect(await auth`select caller from gateway.operation_usage`).not.toEqual([])
  for (const table of ['operation_use', 'rate_bucket', 'login_attempt'])
    await expect(auth`select 1 from gateway.${sql(table)}`.execute()).rejects.toThrow(
      'permission denied',
    )
})
