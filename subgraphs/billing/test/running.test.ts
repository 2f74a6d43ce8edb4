import { describe, expect, test } from 'bun:test'
import { resolve } from 'node:path'
import { ConfigError } from '#kit/config'
import { createLog } from '#kit/log'
import { migrate } from '#kit/migrations'
import { startWorker } from '#kit/worker'
import { testDatabase } from '../../../stack/testing/database.ts'
import { configFrom } from '../config.ts'
import { nextTry } from '../retry.ts'
import { until } from './harness.ts'

test('migrations go all the way down and up again', async () => {
  const db = await testDatabase()
  const sql = db.connectAdmin()
  const step = { sql, service: 'billing', folder: resolve(import.meta.dir, '../migrations') }
  const things = async () => {
    const rows = await sql<{ name: string }[]>`
      select table_name as name from information_schema.tables where table_schema = 'billing'
      union all select typname from pg_type join pg_namespace n on n.oid = typnamespace
        where nspname = 'billing' and typtype = 'e'
      union all select proname from pg_proc join pg_namespace n on n.oid = pronamespace where nspname = 'billing'
      union all select topic from bus.reader where service = 'billing'`
    return rows.map(({ name }) => name).sort()
  }
  const full = await things()
  await migrate({ ...step, to: 0 })
  const bare = await things()
  for (const gone of ['payment', 'payment_status', 'never_changes', 'bookings.booking-held']) {
    expect(full).toContain(gone)
    expect(bare).not.toContain(gone)
  }
  await migrate(step)
  expect(await things()).toEqual(full)
  await db.drop()
})

describe('the configuration', () => {
  const env = {
    DATABASE_URL: 'postgres://svc_billing@localhost/plexus',
    IDENTITY_PUBLIC_JWKS:
      '{"keys":[{"kid":"k","kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}',
    PUBLIC_ORIGIN: 'https://plexus.example/',
    STRIPE_SECRET_KEY: 'sk_live_of_nobody',
    STRIPE_WEBHOOK_SECRET: 'whsec_of_nobody',
  }

  test('asks Stripe itself unless it is told of another one', () => {
    expect(configFrom(env)).toMatchObject({
      port: 4003,
      publicOrigin: 'https://plexus.example',
      stripe: { apiUrl: null },
      bookingWaitMs: 2_000,
    })
  })

  test('names every bad variable at once and repeats no value', () => {
    const bad = {
      ...env,
      STRIPE_SECRET_KEY: 'short',
      STRIPE_WEBHOOK_SECRET: undefined,
      PUBLIC_ORIGIN: 'http://far.example',
    }
    const refused = () => configFrom(bad)
    expect(refused).toThrow(ConfigError)
    for (const name of ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET', 'PUBLIC_ORIGIN'])
      expect(refused).toThrow(name)
    expect(refused).not.toThrow(/short/)
  })
})

describe('a worker', () => {
  const log = createLog({ service: 'billing', level: 'silent' })

  test('does what is due piece by piece, survives a failure and stops', async () => {
    let pieces = 0
    const work = async () => {
      pieces += 1
      if (pieces === 2) throw new Error('once')
      return pieces < 5
    }
    const worker = startWorker({ work, everyMs: 1, log, trouble: 'It waits' })
    await until(() => pieces >= 7)
    await worker.stop()
    const after = pieces
    await new Promise((done) => setImmediate(done))
    expect(pieces).toBe(after)
  })

  test('waits twice as long after each failure, an hour at most', () => {
    const now = new Date(0)
    const pauses = [0, 1, 2, 9, 10, 500].map((tries) => nextTry(now, tries).getTime() / 1_000)
    expect(pauses).toEqual([5, 10, 20, 2_560, 3_600, 3_600])
  })
})
