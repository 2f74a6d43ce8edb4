import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { connect, database, isOutage, systemContext } from '../postgres.ts'

const ada = '01a1fe36-7bf7-7f93-98ae-a5b9ee40b360'
const row = { userId: ada, scopes: new Set(['self', 'coach']) }
let db: TestDatabase

beforeAll(async () => {
  db = await testDatabase()
  await db.connectAdmin().unsafe(`
    set role own_users;
    create table users.note (id int primary key, owner uuid, text_body text);
    alter table users.note enable row level security;
    alter table users.note force row level security;
    create policy note_own on users.note
      using (owner = app.uid() or app.has('system'))
      with check (owner = app.uid());
    reset role;
    insert into users.note values (0, null, 'nobody''s')`)
})

afterAll(() => db.drop())

describe('the row context', () => {
  test('[MP-55] reaches policies in the first query, and only within its transaction', async () => {
    const sql = db.connect('users', { max: 1 })
    const ours = database(sql, row)
    await ours.write((tx) => tx`insert into note ${tx({ id: 1, owner: ada, textBody: 'mine' })}`)
    expect(await ours.read((tx) => tx`select id, text_body from note`)).toMatchObject([
      { id: 1, textBody: 'mine' },
    ])
    expect(await sql`select id from note`).toHaveLength(0)
    const anonymous = database(sql, { userId: null, scopes: new Set() })
    expect(await anonymous.read((tx) => tx`select id from note`)).toHaveLength(0)
    expect(await database(sql, systemContext).read((tx) => tx`select id from note`)).toHaveLength(2)
  })

  test('is set before the first statement of work in several steps', async () => {
    const users = database(db.connect('users'), row)
    const seen = await users.read(async (tx) => {
      const [first] = await tx`select app.uid() as id, app.has('coach') as coach, app.has('x') as x`
      const [second] = await tx`select app.uid() as id`
      return [first, second]
    })
    expect(seen).toEqual([{ id: ada, coach: true, x: false }, { id: ada }])
  })

  test('does not take a scope from part of another', async () => {
    const users = database(db.connect('users'), {
      userId: null,
      scopes: new Set(['bookings:read']),
    })
    const [has] = await users.read(
      (tx) => tx`
      select app.has('bookings') as part, app.has('') as empty, app.has('bookings:read') as whole`,
    )
    expect(has).toEqual({ part: false, empty: false, whole: true })
  })
})

describe('a transaction', () => {
  test('of a read cannot write', async () => {
    const users = database(db.connect('users'), row)
    const writing = users.read((tx) => tx`delete from note`)
    await expect(writing).rejects.toMatchObject({ code: '25006' })
  })

  test('is rolled back when the work throws, and the error arrives as it was thrown', async () => {
    const users = database(db.connect('users'), row)
    const reason = new Error('changed my mind')
    const failing = users.write(async (tx) => {
      await tx`insert into note (id, owner) values (9, ${ada})`
      throw reason
    })
    await expect(failing).rejects.toBe(reason)
    expect(await users.read((tx) => tx`select id from note where id = 9`)).toHaveLength(0)
    await expect(
      users.write(() => {
        throw reason
      }),
    ).rejects.toBe(reason)
  })

  test('refuses a statement of work that goes on after it has failed', async () => {
    const users = database(db.connect('users', { max: 1 }), row)
    const late = Promise.withResolvers<unknown>()
    const ended = Promise.withResolvers<void>()
    const failing = users.write(async (tx) => {
      ended.promise
        .then(() => tx`insert into note (id, owner) values (8, ${ada})`)
        .then(late.resolve, late.reject)
      throw new Error('first')
    })
    await expect(failing).rejects.toThrow('first')
    ended.resolve()
    await expect(late.promise).rejects.toMatchObject({ code: 'TRANSACTION_ENDED' })
  })

  test('that is slow ends as TIMEOUT, and the next statement works', async () => {
    const users = database(db.connect('users', { max: 1, statementTimeoutMs: 50 }), row)
    const slow = users.read((tx) => tx`select pg_sleep(10)`)
    await expect(slow).rejects.toMatchObject({ code: 'TIMEOUT' })
    expect(await users.read((tx) => tx`select 1 as one`)).toMatchObject([{ one: 1 }])
  })

  test.each([
    ['U+0000 in a text', 'a\0b'],
    ['U+0000 in JSON', { fr: '\0' }],
    ['half a character in JSON', { fr: '\ud800' }],
  ])('with %s ends as BAD_USER_INPUT', async (_, value) => {
    const users = database(db.connect('users'), row)
    const refused = users.read((tx) =>
      typeof value === 'string' ? tx`select ${value}::text` : tx`select ${tx.json(value)}::jsonb`,
    )
    await expect(refused).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: 'A text contains a character that cannot be stored, such as U+0000.',
    })
  })

  test('with a text where a uuid belongs is a fault of ours and arrives as it was thrown', async () => {
    const users = database(db.connect('users'), row)
    const refused = users.read((tx) => tx`select ${'nonsense'}::uuid`)
    await expect(refused).rejects.toMatchObject({ code: '22P02' })
  })

  test('that deadlocks is told to try again, and is no outage', async () => {
    const users = database(db.connect('users'), systemContext)
    const both = Promise.withResolvers<void>()
    let holding = 0
    const lock = (first: number, second: number) =>
      users.write(async (tx) => {
        await tx`select pg_advisory_xact_lock(${first})`
        holding += 1
        if (holding === 2) both.resolve()
        await both.promise
        await tx`select pg_advisory_xact_lock(${second})`
      })
    const results = await Promise.allSettled([lock(1, 2), lock(2, 1)])
    const [failed] = results.filter((result) => result.status === 'rejected')
    expect(failed?.reason).toMatchObject({ code: 'UNAVAILABLE' })
    expect(isOutage(failed?.reason)).toBe(false)
  })

  test('that finds no free connection in time ends as UNAVAILABLE and never runs', async () => {
    const users = database(db.connect('users', { max: 1 }), row)
    const free = Promise.withResolvers<void>()
    const hog = users.write(() => free.promise)
    let hasRun = false
    const waiting = users.read(async () => {
      hasRun = true
    })
    await expect(waiting).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    free.resolve()
    await hog
    await users.read((tx) => tx`select 1`)
    expect(hasRun).toBe(false)
  })
})

test('a server that is not there is UNAVAILABLE', async () => {
  const url = new URL(db.url('users'))
  url.port = '1'
  const sql = connect({ url: url.href, service: 'users', max: 1 })
  const refused = await database(sql, row)
    .read((tx) => tx`select 1`)
    .catch((error: unknown) => error)
  expect(refused).toMatchObject({ code: 'UNAVAILABLE' })
  expect(isOutage(refused)).toBe(true)
  await sql.end()
})

test('values keep their meaning: days are text, instants are dates, whole numbers are numbers', async () => {
  const sql = db.connect('users')
  const [values] = await sql`
    select '2026-03-29'::date as day, '02:30'::time as wall, '2026-03-29 02:30'::timestamp as local,
      '2026-03-29T00:30:00Z'::timestamptz as instant, 9007199254740991 as large,
      '{"snake_case":{"x_y":1}}'::jsonb as json_value`
  expect(values).toEqual({
    day: '2026-03-29',
    wall: '02:30:00',
    local: '2026-03-29 02:30:00',
    instant: new Date('2026-03-29T00:30:00Z'),
    large: 9_007_199_254_740_991,
    jsonValue: { snake_case: { x_y: 1 } },
  })
  await expect(sql`select 9007199254740992`.execute()).rejects.toThrow('does not fit a number')
  const [sent] = await sql`
    select ${'2026-03-29'}::date as day, ${new Date(0)}::timestamptz as instant, ${7}::bigint as n`
  expect(sent).toEqual({ day: '2026-03-29', instant: new Date(0), n: 7 })
})

test('a listener hears statements, not what surrounds them', async () => {
  const texts: string[] = []
  const sql = db.connect('users', { max: 1, onStatement: (text) => texts.push(text) })
  const users = database(sql, row)
  await users.read((tx) => tx`select 1 as one`)
  await users.write(async (tx) => {
    await tx.savepoint((inner) => inner`select 2 as two`)
  })
  expect(texts).toEqual(['select 1 as one', 'select 2 as two'])
})

test('without prepared statements the same queries work, as behind PgBouncer', async () => {
  const sql = db.connect('users', { direct: { url: db.url('users') }, statementTimeoutMs: 100 })
  const users = database(sql, row)
  expect(await users.read((tx) => tx`select ${1}::int as one, app.uid() as id`)).toMatchObject([
    { one: 1, id: ada },
  ])
  expect(await sql`select name from pg_prepared_statements`).toHaveLength(0)
  const slow = users.read((tx) => tx`select pg_sleep(5)`)
  await expect(slow).rejects.toMatchObject({ code: 'TIMEOUT' })
})
