import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Pool } from '#kit/postgres'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { eventually } from './edge-harness.ts'
import type { Caller } from './harness.ts'
import { entry, type Instance, newInstance, publishRow } from './registry-world.ts'

let db: TestDatabase
let admin: Pool
const own = entry('Own', 'query Own { hello }')
let instances: readonly Instance[]
beforeAll(async () => {
  db = await testDatabase()
  admin = db.connectAdmin()
  instances = await Promise.all(
    [1, 2, 3].map(() => newInstance({ sql: db.connect('gateway'), own: [own] })),
  )
  await Promise.all(instances.map(({ published }) => published.start()))
})
afterAll(async () => {
  await Promise.all(instances.flatMap(({ published, stop }) => [published.stop(), stop()]))
  await db.drop()
})

let count = 0
/** A document that nobody has published before. */
const newEntry = (changes: Record<string, unknown> = {}) => {
  count += 1
  return entry(`Op${count}`, `query Op${count} { hello }`, changes)
}
const person: Caller = { scopes: ['self'], credential: 'session' }
const programId = '00000000-0000-7000-8000-0000000000aa'
const program = (clientId = programId): Caller => ({
  ...{ scopes: ['bookings:read'], credential: 'bearer', clientId },
})

const run = (instance: Instance, { hash }: { hash: string }, caller = person) =>
  instance.post({ documentId: `sha256:${hash}` }, caller, {
    accept: 'application/graphql-response+json',
  })
const statuses = async (one: { hash: string }, caller?: Caller) =>
  Promise.all(instances.map(async (instance) => (await run(instance, one, caller)).status))

const everywhere = (one: { hash: string }, status: number, caller?: Caller) =>
  eventually(async () => (await statuses(one, caller)).every((is) => is === status), 5_000)

describe('what is published while gateways run', () => {
  test('is answered by each of three within a second, and was prepared before', async () => {
    const delays: number[] = []
    for (let round = 0; round < 10; round += 1) {
      const one = newEntry()
      const before = performance.now()
      await publishRow(admin, one)
      await everywhere(one, 200)
      delays.push(performance.now() - before)
      for (const { prepared } of instances) expect(prepared).toContain(one.document)
    }
    expect(Math.max(...delays)).toBeLessThan(1_000)
  })

  test('is the program’s alone, also when the text is that of another client', async () => {
    const one = newEntry({ client: programId, contract: 'partner' })
    await publishRow(admin, one)
    await everywhere(one, 200, program())
    expect(await statuses(one, program('00000000-0000-7000-8000-0000000000bb'))).toEqual([
      403, 403, 403,
    ])
    expect(await statuses(one, person)).toEqual([403, 403, 403])
  })

  test('for the public is answered to programs and to people', async () => {
    const one = newEntry({ client: 'public', contract: 'app' })
    await publishRow(admin, one)
    await everywhere(one, 200, person)
  })

  test('and is retired answers 410 with the date, its own file or not, until it is restored', async () => {
    const [one, also] = [newEntry(), own]
    await publishRow(admin, one)
    await publishRow(admin, also)
    await everywhere(one, 200)
    await admin`update auth.operation set retired_at = '2027-01-04T09:00:00Z'`
    for (const ended of [one, also]) {
      await everywhere(ended, 410)
      const [instance] = instances
      const answer = instance && (await run(instance, ended))
      expect(answer?.errors?.[0]).toMatchObject({
        message: 'This operation was retired on 2027-01-04.',
        extensions: { code: 'OPERATION_RETIRED' },
      })
    }
    await admin`update auth.operation set retired_at = null`
    await everywhere(one, 200)
    await everywhere(also, 200)
  })

  test('and retired for one program still runs for whoever else has it', async () => {
    const one = newEntry({ contract: 'partner', client: 'partner' })
    await publishRow(admin, one)
    await publishRow(admin, { ...one, client: programId, ...{ retired_at: new Date() } })
    await everywhere(one, 200, program())
  })

  test('and does not fit the graph stops nothing else, before or after it', async () => {
    const bad = [
      entry('Missing', 'query Missing { nothing }'),
      entry('Broken', 'query Broken {'),
      entry('Leaking', 'query Leaking { hello }', { contract: 'public' }),
    ]
    const good = newEntry()
    for (const one of [...bad, good]) await publishRow(admin, one)
    await everywhere(good, 200)
    for (const one of bad) expect(await statuses(one)).toEqual([403, 403, 403])
    const [instance] = instances
    for (const { name } of bad) expect(instance?.told.join('')).toContain(name)
  })

  test('is found after the line was cut, with whatever was published meanwhile', async () => {
    const one = newEntry()
    await admin`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query ilike 'listen %'`
    await publishRow(admin, one)
    await everywhere(one, 200)
  })
})

describe('while the database is out of reach', () => {
  const away = async () => {
    throw new Error('The database is away.')
  }
  const never = { states: away, byIds: away, automatic: away }

  test('our own operations are answered from the start', async () => {
    const sql = db.connect('gateway')
    const instance = await newInstance({ sql, own: [own], rows: never })
    await instance.published.start()
    expect((await run(instance, own)).data).toEqual({ hello: 'world' })
    expect(instance.told.filter((line) => line.includes('out of reach'))).toHaveLength(1)
    await instance.published.stop()
  })

  test('what was known is served on, and what is new once it is back', async () => {
    const one = newEntry()
    const state = { isAway: false, ids: [{ id: 'one', retiredAt: null as Date | null }] }
    const rows = {
      states: async () => (state.isAway ? away() : state.ids),
      byIds: async (ids: readonly string[]) =>
        ids.map((id) => ({ ...one, id, client: id === 'one' ? 'web' : programId })),
      automatic: async () => [],
    }
    const instance = await newInstance({ sql: db.connect('gateway'), rows })
    await instance.published.start()
    state.isAway = true
    await instance.published.registry.look()
    expect((await run(instance, one)).status).toBe(200)
    expect((await run(instance, one, program('p'))).status).toBe(403)
    state.isAway = false
    state.ids = []
    await instance.published.registry.look()
    expect((await run(instance, one)).status).toBe(403)
    await instance.published.stop()
  })
})
