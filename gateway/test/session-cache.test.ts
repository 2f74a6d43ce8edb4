import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { createLog } from '#kit/log'
import type { Pool } from '#kit/postgres'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { cacheSessions } from '../identity/session-cache.ts'
import type { WebSession } from '../identity/session-store.ts'
import { eventually } from './edge-harness.ts'

const log = createLog({ service: 'gateway', level: 'silent' })
let db: TestDatabase
let sql: Pool
let admin: Pool
let time: Date
const loaded: string[] = []
let during = async () => {}

const session = (id: string): WebSession => ({
  ...{ id, personId: id, displayName: '', roles: [], acr: '1' },
  expiresAt: new Date(time.getTime() + 3_600_000),
  ...{ renewAt: null, acrUntil: null, acting: null },
})
const load = async (secret: string) => {
  loaded.push(secret)
  await during()
  return secret === 'unknown' ? null : session(secret)
}
const pass = (ms: number) => {
  time = new Date(time.getTime() + ms)
}
const open = async () => {
  const cache = cacheSessions({ load, sql, now: () => time, log })
  await cache.start()
  return cache
}
const revoke = (id: string) => admin`select pg_notify('web_session', ${`revoked ${id}`})`

beforeAll(async () => {
  db = await testDatabase()
  sql = db.connect('gateway')
  admin = db.connectAdmin()
})
beforeEach(() => {
  loaded.length = 0
  time = new Date()
  during = async () => {}
})
afterAll(() => db.drop())

test('requests at the same time share one read, and later ones its result', async () => {
  const cache = await open()
  await Promise.all(Array.from({ length: 50 }, () => cache.find('a')))
  await cache.find('a')
  expect(loaded).toEqual(['a'])
  pass(5_000)
  await cache.find('a')
  expect(loaded).toEqual(['a', 'a'])
  await cache.stop()
})

test('a result counts for five seconds while heartbeats arrive', async () => {
  const cache = await open()
  for (const _ of Array.from({ length: 4 })) {
    await cache.find('a')
    pass(1_100)
    // Not before the next heartbeat may it be believed again without a read.
    const heard = Promise.withResolvers<void>()
    const { unlisten } = await sql.listen('web_session', () => heard.resolve())
    await heard.promise
    await unlisten()
  }
  await cache.find('a')
  expect(loaded).toEqual(['a'])
  await cache.stop()
})

test('and for less than a second on a line that has gone silent', async () => {
  const deaf = { listen: sql.listen, notify: async () => ({}) as never }
  const cache = cacheSessions({ load, sql: deaf, now: () => time, log })
  await cache.start()
  await cache.find('a')
  pass(899)
  await cache.find('a')
  expect(loaded).toEqual(['a'])
  pass(1)
  await cache.find('a')
  expect(loaded).toEqual(['a', 'a'])
  await cache.stop()
})

test.each([
  ['expiresAt', (at: Date) => ({ expiresAt: at })],
  ['acrUntil', (at: Date) => ({ acrUntil: at })],
  ['renewAt', (at: Date) => ({ renewAt: at })],
])('a result does not outlive its %s', async (_, change) => {
  const end = new Date(time.getTime() + 500)
  const cache = cacheSessions({
    load: async (secret) => {
      loaded.push(secret)
      return { ...session(secret), ...change(end) }
    },
    ...{ sql, now: () => time, log },
  })
  await cache.find('a')
  pass(499)
  await cache.find('a')
  expect(loaded).toEqual(['a'])
  pass(1)
  await cache.find('a')
  expect(loaded).toEqual(['a', 'a'])
})

test('nothing is remembered of an unknown secret, nor of a read that failed', async () => {
  const cache = await open()
  await cache.find('unknown')
  await cache.find('unknown')
  expect(loaded.length).toBe(2)
  during = () => Promise.reject(new Error('no database'))
  expect(cache.find('a')).rejects.toThrow('no database')
  await cache.find('a').catch(() => {})
  during = async () => {}
  expect(await cache.find('a')).toMatchObject({ id: 'a' })
  await cache.stop()
})

test('a session that is revoked while it is read is not remembered', async () => {
  const cache = await open()
  await cache.find('b')
  const heard = async () => {
    await revoke('b')
    // `b` leaves the cache by the same notification, which is how the test knows that it has arrived.
    await eventually(async () => {
      const before = loaded.length
      during = async () => {}
      await cache.find('b')
      return loaded.length > before
    })
  }
  during = heard
  await cache.find('a')
  const before = loaded.length
  await cache.find('a')
  expect(loaded.length).toBe(before + 1)
  await cache.stop()
})

test('a lost connection forgets everything, for a notification may be lost with it', async () => {
  const cache = await open()
  await cache.find('a')
  const killed = await admin`
    select pg_terminate_backend(pid)
    from pg_stat_activity
    where datname = current_database() and query ilike 'listen %'`
  expect(killed.length).toBe(1)
  await eventually(async () => {
    await cache.find('a')
    return loaded.length > 1
  })
  await revoke('a')
  const before = loaded.length
  await eventually(async () => {
    await cache.find('a')
    return loaded.length > before
  })
  await cache.stop()
})

test('the oldest entry makes room: ten thousand sessions are the most it holds', async () => {
  const cache = await open()
  for (let number = 0; number <= 10_000; number += 1) await cache.find(`s${number}`)
  loaded.length = 0
  await cache.find('s10000')
  await cache.find('s1')
  expect(loaded).toEqual([])
  await cache.find('s0')
  expect(loaded).toEqual(['s0'])
  await cache.stop()
})

test('nothing is believed that was read or heard in the future, when the clock was put back', async () => {
  const cache = await open()
  await cache.find('a')
  // A heartbeat of that time has arrived.
  const heard = Promise.withResolvers<void>()
  const { unlisten } = await sql.listen('web_session', () => heard.resolve())
  await heard.promise
  await unlisten()
  pass(-3_600_000)
  await cache.find('a')
  expect(loaded).toEqual(['a', 'a'])
  await cache.stop()
})

test('a line that went silent while the clock was put back is not believed either', async () => {
  const beats: string[] = []
  let hear = (_: string) => {}
  const line = {
    listen: (async (_: string, onTold: (text: string) => void) => {
      hear = onTold
      return { unlisten: async () => {} }
    }) as never,
    notify: (async (_: string, text: string) => void beats.push(text)) as never,
  }
  const cache = cacheSessions({ load, sql: line, now: () => time, log })
  await cache.start()
  await cache.find('a')
  await eventually(async () => beats.length > 0)
  hear(beats.at(-1) ?? '')
  pass(-3_600_000)
  await cache.find('a')
  pass(1_000)
  await cache.find('a')
  expect(loaded).toEqual(['a', 'a', 'a'])
  await cache.stop()
})
