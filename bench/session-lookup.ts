import { configFrom } from '../gateway/config.ts'
import { cacheSessions } from '../gateway/identity/session-cache.ts'
import { createSessionStore } from '../gateway/identity/session-store.postgres.ts'
import { createLog } from '../kit/log.ts'
import { createVault } from '../kit/vault.ts'
import type { Fleet } from '../stack/testing/fleet.ts'
import { shareOf, tableOf } from './table.ts'

const lookupsEach = 20_000
const readsEach = 2_000

async function timed(count: number, work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  for (let index = 0; index < count; index += 1) {
    const startedAt = performance.now()
    await work()
    times.push(performance.now() - startedAt)
  }
  return times.sort((one, other) => one - other)
}

/** What it costs to know who asks, as each request does. */
export async function lookups({ system, openSession }: Fleet): Promise<string> {
  const sql = system.db.connect('gateway')
  const now = () => new Date()
  const { session } = configFrom(system.environments.gateway)
  const store = createSessionStore({ ...session, sql, now, vault: createVault(session.keys) })
  const log = createLog({ service: 'bench', level: 'silent' })
  const cache = cacheSessions({ load: store.find, sql, now, log })
  await cache.start()
  const { cookie } = await openSession()
  const secret = cookie.replace('plexus=', '')
  const rows = [
    [
      'as requests come, through the cache (goal p50 0.3)',
      await timed(lookupsEach, () => cache.find(secret)),
    ],
    ['each read from the database', await timed(readsEach, () => store.find(secret))],
  ] as const
  await cache.stop()
  return tableOf(
    ['a session is looked up', 'p50 ms', 'p99 ms'],
    rows.map(([what, times]) => [
      what,
      shareOf(times, 0.5).toFixed(4),
      shareOf(times, 0.99).toFixed(4),
    ]),
  )
}
