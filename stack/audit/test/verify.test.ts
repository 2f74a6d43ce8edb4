import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { Pool } from '#kit/postgres'
import { type TestDatabase, testDatabase } from '../../testing/database.ts'
import { audit } from '../main.ts'

let db: TestDatabase
let admin: Pool
beforeAll(async () => {
  db = await testDatabase()
  admin = db.connectAdmin()
})
afterAll(() => db.drop())
// One database for all: the chain begins anew, as only a superuser can make it.
beforeEach(() =>
  tamper(`
    delete from users.audit_event;
    update users.audit_head set seq = 0, hash = decode(repeat('00', 32), 'hex');
    delete from auth.outbox;
    delete from bus.event`),
)

/** What only somebody can do who owns the server. */
async function tamper(act: string) {
  await admin.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx.unsafe(act)
  })
}

/** Adds links as the consumer does. */
const add = (count: number) =>
  db.connect('users', { max: 1 }).begin(async (tx) => {
    await tx`select set_config('app.scopes', 'system', true)`
    await tx`
      insert into audit_event (id, at, source, action, entity, entity_id, detail)
      select uuidv7(), now(), 'auth', 'auth.tested', 'account', uuidv7(),
        jsonb_build_object('place', place, 'text', 'é "x" \\')
      from generate_series(1, ${count}::int) place`
  })

async function verify(...flags: string[]) {
  const lines: string[] = []
  const env = { DATABASE_URL: db.adminUrl }
  const code = await audit(['verify', ...flags], env, (line) => lines.push(line))
  return { code, text: lines.join('\n') }
}

const lastHash = async () => /the last one is ([0-9a-f]{64})/.exec((await verify()).text)?.[1] ?? ''

describe('bun run audit verify', () => {
  test('walks a whole chain, through several batches, and says how many links hold', async () => {
    await add(5_001)
    expect(await verify()).toMatchObject({ code: 0 })
    expect((await verify()).text).toStartWith('5001 links hold, the last one is ')
  })

  test('an empty chain holds, and what it ended with is good for all that comes after', async () => {
    expect((await verify()).text).toStartWith('0 links hold')
    const kept = await lastHash()
    expect((await verify('--expect', kept)).code).toBe(0)
    await add(2)
    expect((await verify('--expect', kept)).code).toBe(0)
  })

  test('names a link that was put past the end, before which nothing can be added any more', async () => {
    await add(5)
    await tamper(
      'update users.audit_head set (seq, hash) = (select seq, hash from users.audit_event where seq = 4)',
    )
    const { code, text } = await verify()
    expect(code).toBe(1)
    expect(text).toStartWith('broken at link 5: it was not added as the others were')
  })

  test.each([
    ['what was done', "update users.audit_event set action = 'auth.nothing' where seq = 3"],
    ['who did it', 'update users.audit_event set actor_id = uuidv7() where seq = 3'],
    ['when', "update users.audit_event set at = at - interval '1 microsecond' where seq = 3"],
    ['a detail', `update users.audit_event set detail = '{"place": 4}' where seq = 3`],
    ['the address', "update users.audit_event set ip = '192.0.2.1' where seq = 3"],
  ])('names the link of which a superuser changed %s', async (_, act) => {
    await add(5)
    await tamper(act)
    const { code, text } = await verify()
    expect(code).toBe(1)
    expect(text).toStartWith('broken at link 3: it was changed')
  })

  test('names the link after one that was changed and hashed again', async () => {
    await add(5)
    await tamper(`
      update users.audit_event set action = 'auth.nothing' where seq = 3;
      update users.audit_event e set hash = sha256(convert_to(users.audit_text(e), 'UTF8')) where seq = 3`)
    expect((await verify()).text).toStartWith('broken at link 4: it does not follow')
  })

  test('does not believe a function of the database that says otherwise', async () => {
    await add(5)
    const [own] = await admin`select pg_get_functiondef('users.audit_text'::regproc) as text`
    await tamper(`
      update users.audit_event set action = 'auth.nothing' where seq = 3;
      create or replace function users.audit_text(e users.audit_event) returns text
        language sql stable as $$ select 'as it was' $$`)
    expect((await verify()).text).toStartWith('broken at link 3')
    await admin.unsafe(own?.text)
  })

  test('names a link that was taken away', async () => {
    await add(5)
    await tamper('delete from users.audit_event where seq = 3')
    expect((await verify()).text).toStartWith('broken at link 3: it is missing')
  })

  test('sees by the head that the end was cut off', async () => {
    await add(5)
    await tamper('delete from users.audit_event where seq > 3')
    const { code, text } = await verify()
    expect(code).toBe(1)
    expect(text).toStartWith('broken at link 4: it is missing')
  })

  test('sees by a hash that was kept elsewhere that the end was cut off and the head turned back', async () => {
    await add(5)
    const kept = await lastHash()
    await add(2)
    expect((await verify('--expect', kept)).code).toBe(0)
    await tamper(`
      delete from users.audit_event where seq > 3;
      update users.audit_head set (seq, hash) =
        (select seq, hash from users.audit_event order by seq desc limit 1)`)
    expect((await verify()).code).toBe(0)
    const { code, text } = await verify('--expect', kept)
    expect(code).toBe(1)
    expect(text).toContain('the expected hash is not in the chain')
  })

  test('says how far the chain is behind, by outboxes and bus', async () => {
    await admin`
      insert into auth.outbox (topic, entity_id, payload, created_at)
      values ('auth.audited', uuidv7(), '{}', now() - interval '90 seconds')`
    await admin`
      insert into bus.event (position, id, source, topic, entity_id, payload, headers, at)
      values (1, uuidv7(), 'auth', 'auth.user-login', uuidv7(), '{}', '{}', now())`
    const { text } = await verify()
    expect(text).toMatch(/2 acts are not in the chain yet, the oldest for 9\d s/)
  })

  test('nothing waits when everything is told', async () => {
    expect((await verify()).text).toContain('nothing waits')
  })

  test('as the role of a service says which outboxes it could not look into', async () => {
    await add(2)
    const lines: string[] = []
    const env = { DATABASE_URL: db.url('users') }
    expect(await audit(['verify'], env, (line) => lines.push(line))).toBe(0)
    expect(lines.join('\n')).toContain('not counted: the outboxes of')
  })

  test('says in a sentence that there is nothing to read', async () => {
    const lines: string[] = []
    const url = new URL(db.adminUrl)
    url.pathname = '/nothing_here'
    expect(await audit(['verify'], { DATABASE_URL: url.href }, (line) => lines.push(line))).toBe(2)
    expect(lines).toEqual(['The chain cannot be read: database "nothing_here" does not exist'])
  })

  test.each([[['check']], [['verify', '--expect', 'nonsense']], [[]]])(
    'refuses %j with how it is used',
    async (args) => {
      const lines: string[] = []
      expect(await audit(args, {}, (line) => lines.push(line))).toBe(2)
      expect(lines).toEqual(['bun run audit verify [--expect HASH]'])
    },
  )
})
