import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type ConnectOptions, database, type Pool } from '#kit/postgres'
import { freePort } from '../ports.ts'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { type PgBouncer, pgbouncerMissing, startPgBouncer } from '../testing/pgbouncer.ts'
import { testSystem, until } from '../testing/system.ts'
import { bookedSlot } from '../testing/walk.ts'

const skipped = pgbouncerMissing(process.env.CI === 'true')

describe.skipIf(skipped !== null)('behind PgBouncer in transaction mode', () => {
  let bouncer: PgBouncer
  let db: TestDatabase
  beforeAll(async () => {
    // One connection to the server: whoever leaves something on it, leaves it to everybody.
    bouncer = await startPgBouncer({ poolSize: 1 })
    db = await testDatabase()
  }, 60_000)
  afterAll(async () => {
    await db?.drop()
    await bouncer?.stop()
  })

  const open = (options: Partial<ConnectOptions> = {}): Pool => {
    const direct = { url: db.url('users') }
    return db.connect('users', { url: bouncer.through(direct.url), direct, ...options })
  }

  const whoIsThere = async (sql: Pool) => {
    const [row] = await sql<{ person: string; scopes: string; timeout: string }[]>`
      select
        coalesce(current_setting('app.user', true), '') as person,
        coalesce(current_setting('app.scopes', true), '') as scopes,
        current_setting('statement_timeout') as timeout`
    return row
  }

  test('[MP-55] no transaction leaves its row context, or its time limit, to the next one', async () => {
    const pools = [open({ statementTimeoutMs: 900 }), open({ statementTimeoutMs: 900 })]
    const people = Array.from({ length: 120 }, () => crypto.randomUUID())
    const seen = await Promise.all(
      people.map(async (userId, index) => {
        const sql = pools[index % 2] ?? open()
        const context = { userId, scopes: new Set([`scope:${index}`]) }
        const own = await database(sql, context).read(
          (tx) => tx<{ person: string; isMine: boolean; pid: number }[]>`
            select app.uid() as person, app.has(${`scope:${index}`}) as is_mine, pg_backend_pid() as pid`,
        )
        return { ...own[0], after: await whoIsThere(sql) }
      }),
    )
    expect(new Set(seen.map(({ pid }) => pid)).size).toBe(1)
    expect(seen.map(({ person }) => person)).toEqual(people)
    expect(seen.every(({ isMine }) => isMine)).toBe(true)
    // The role's own limit, not that of the transactions.
    const nobody = { person: '', scopes: '', timeout: '5s' }
    expect(seen.map(({ after }) => after)).toEqual(seen.map(() => nobody))
  })

  test('a context set for the session, as it would be without a pooler, is seen by the next one', async () => {
    const [careless, next] = [open(), open()]
    try {
      await careless`select set_config('app.user', ${'somebody else'}, false)`
      expect((await whoIsThere(next))?.person).toBe('somebody else')
    } finally {
      await careless`discard all`
    }
  })

  test('a slow statement is ended by the limit of its own transaction', async () => {
    const users = database(open({ statementTimeoutMs: 50 }), { userId: null, scopes: new Set() })
    const slow = users.read((tx) => tx`select pg_sleep(5)`)
    await expect(slow).rejects.toMatchObject({ code: 'TIMEOUT' })
  })

  test('a server that PgBouncer cannot reach is told of as one that is away', async () => {
    const lost = await startPgBouncer({ serverPort: String(await freePort()), waitSeconds: 1 })
    try {
      const users = database(open({ url: lost.through(db.url('users')) }), {
        ...{ userId: null, scopes: new Set() },
      })
      const asked = users.read((tx) => tx`select 1`)
      await expect(asked).rejects.toMatchObject({
        ...{ code: 'UNAVAILABLE', cause: { code: '08P01' } },
      })
    } finally {
      await lost.stop()
    }
  })

  test('a notification is heard, because LISTEN goes to the server itself', async () => {
    const sql = open()
    const heard: string[] = []
    await sql.listen('told', (text) => void heard.push(text))
    await sql`select pg_notify('told', 'hello')`
    await until(async () => heard.includes('hello'))
  })
})

describe.skipIf(skipped !== null)('the whole system behind PgBouncer', () => {
  test('books, moves its events and hears of revoked sessions', async () => {
    const bouncer = await startPgBouncer()
    const it = await testSystem({
      settings: ({ DATABASE_URL = '' }) => ({
        DATABASE_URL: bouncer.through(DATABASE_URL),
        DATABASE_DIRECT_URL: DATABASE_URL,
      }),
    })
    try {
      // A profile follows its account by event: the relay and the bus have worked when it is there.
      const admin = await it.admin()
      const client = await it.person('Ada')
      expect(await bookedSlot(it, client)).toMatchObject({ status: 'CONFIRMED' })
      await client.ask('mutation { revokeAllSessions { count } }')
      await until(async () => {
        const session = await (await client.send('/auth/session')).json()
        return !session.authenticated
      }, 1_000)
      // That was no way around it: without PgBouncer nothing is answered.
      bouncer.pause()
      const { status } = await admin.graph({ query: '{ users(first: 1) { totalCount } }' })
      bouncer.resume()
      expect(status).toBe(503)
    } finally {
      await it.stop()
      await bouncer.stop()
    }
  }, 60_000)
})
