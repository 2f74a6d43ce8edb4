import { createEmbeddedBus } from '#kit/bus.embedded'
import type { Viewer } from '#kit/identity-token'
import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import type { Json } from '#kit/postgres'
import { type TestDatabase, testDatabase } from '../../../stack/testing/database.ts'
import { ask, testIdentity } from '../../../stack/testing/subgraph.ts'
import { until } from '../../../stack/testing/system.ts'
import { createUsers } from '../app.ts'
import { configFrom } from '../config.ts'

type Told = { source?: 'auth' | 'bookings' | 'billing'; entityId?: string; id?: string; at?: Date }

/** The room as it runs, with the bus of its neighbours and a clock that the test sets. */
export async function auditWorld(given?: TestDatabase) {
  const db = given ?? (await testDatabase())
  const lines: string[] = []
  const log = createLog({ service: 'users', level: 'warn', write: (line) => lines.push(line) })
  const clock = { time: new Date('2027-01-04T09:00:00Z').getTime() }
  const now = () => new Date(clock.time)
  const { publicJwks, minter } = await testIdentity(now)
  const metrics = createMetrics('users', { ofProcess: false })
  const users = createUsers({
    config: configFrom({
      DATABASE_URL: db.url('users'),
      PUBLIC_ORIGIN: 'https://plexus.example',
      MAIL_FOLDER: '/nowhere',
      LETTER_KEYS: `now:${'k'.repeat(43)}`,
      MAIL_POLL_MS: '20',
      METRICS_PORT: '0',
      ALERT_FAILURES: '50',
      ALERT_FAILURES_OF_ONE: '10',
      IDENTITY_PUBLIC_JWKS: JSON.stringify({ keys: publicJwks }),
    }),
    ...{ log, metrics, now },
  })
  await users.start()
  const publishers = new Map<string, Awaited<ReturnType<typeof createEmbeddedBus>>>()
  for (const service of ['auth', 'bookings', 'billing'] as const) {
    publishers.set(service, await createEmbeddedBus({ url: db.url(service), service, log }))
  }
  const admin = db.connectAdmin()
  const tell = async (topic: string, payload: Json, told: Told = {}) => {
    const { source = 'auth', entityId = crypto.randomUUID(), at = now() } = told
    const id = told.id ?? Bun.randomUUIDv7()
    await publishers.get(source)?.publish([{ id, topic, entityId, payload, headers: {}, at }])
    await until(async () => {
      const handled = await admin`select from users.inbox where event_id = ${id}`
      return handled.length > 0
    })
    return { id, entityId }
  }
  return {
    ...{ db, admin, lines, clock, now, tell, metrics },
    /** Tells of an act as the kit's `audit` does, and waits until it is handled. */
    act: (action: string, change: { [key: string]: Json } = {}, told: Told = {}) =>
      tell(
        `${told.source ?? 'auth'}.audited`,
        {
          ...{ action, actorId: null, onBehalfOf: null, entity: 'account' },
          ...{ requestId: null, ip: null, detail: {}, ...change },
        },
        told,
      ),
    as: (viewer: Viewer | null, query: string, variables: Record<string, unknown> = {}) =>
      ask({ fetch: users.fetch, name: 'users', minter }, viewer, { query, variables }),
    stop: async () => {
      await users.stop()
      for (const bus of publishers.values()) await bus.stop()
      if (!given) await db.drop()
    },
  }
}

export type AuditWorld = Awaited<ReturnType<typeof auditWorld>>
