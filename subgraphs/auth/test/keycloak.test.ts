import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { createLog } from '#kit/log'
import { database, type Pool, systemContext } from '#kit/postgres'
import { type TestDatabase, testDatabase } from '../../../stack/testing/database.ts'
import { keycloakMissing } from '../../../stack/testing/keycloak.ts'
import { type TestRealm, testRealm } from '../../../stack/testing/keycloak-realm.ts'
import { until } from '../../../stack/testing/system.ts'
import { keycloakDirectory } from '../account/directory.keycloak.ts'
import { keycloakAdmin } from '../keycloak/admin.ts'
import { followKeycloak } from '../keycloak/follow.ts'

const missing = keycloakMissing(process.env.CI === 'true')

let base: TestDatabase
let realm: TestRealm
let sql: Pool
let followers: { stop(): Promise<void> }[] = []

/** One instance of the room, as far as Keycloak is concerned. */
const follow = () => followKeycloak({ ...parts(), sql, now, log: silent })
const clock = { offsetMs: 0 }
const now = () => new Date(Date.now() + clock.offsetMs)
const silent = createLog({ service: 'auth', level: 'silent' })

function parts() {
  const settings = { realm: realm.name, clientId: realm.accounts.id, pollMs: 150 }
  const admin = keycloakAdmin({
    ...{ origin: realm.origin, realm: realm.name, now },
    ...{ clientId: realm.accounts.id, clientSecret: realm.accounts.secret },
  })
  return { settings, admin, directory: keycloakDirectory(admin, realm.name) }
}

async function addSession(personId: string, sid: string | null = null) {
  const gateway = base.connect('gateway', { max: 1 })
  const later = new Date(Date.now() + 3_600_000)
  const row = {
    ...{ idHash: randomBytes(32), personId, subject: personId, roles: ['CLIENT'] },
    ...{ tokens: Buffer.from('sealed'), device: 'Firefox', providerSid: sid },
    ...{ expiresAt: later, absoluteEnd: later },
  }
  const [made] = await gateway<{ id: string }[]>`
    insert into auth.web_session ${gateway(row)} returning id`
  return made?.id ?? ''
}

type Session = { roles: string[]; revokedAt: Date | null }

const sessionOf = async (id: string): Promise<Session | undefined> => {
  const [row] = await base.connectAdmin()<Session[]>`
    select roles, revoked_at from auth.web_session where id = ${id}`
  return row
}

type Entry = { action: string; actorId: string | null; ip: string | null; detail: object }

const entriesOf = async (personId: string): Promise<Entry[]> => {
  const rows = await base.connectAdmin()<{ payload: Entry }[]>`
    select payload
    from auth.outbox
    where topic = 'auth.audited' and entity_id = ${personId}
    order by seq`
  return rows.map(({ payload }) => payload)
}

const actionsOf = async (personId: string) =>
  (await entriesOf(personId)).map(({ action }) => action)

describe.skipIf(missing !== null)(missing ? `Keycloak (${missing})` : 'Keycloak', () => {
  beforeAll(async () => {
    ;[base, realm] = await Promise.all([
      testDatabase(),
      testRealm({ origin: 'http://localhost:3999' }),
    ])
    sql = base.connect('auth')
    followers = [follow(), follow()]
  }, 120_000)
  afterAll(async () => {
    await Promise.all(followers.map((follower) => follower.stop()))
    await realm?.drop()
    await base?.drop()
  })

  test('roles that are changed in the console are those of live sessions, and are audited once', async () => {
    const { id } = await realm.addPerson({ roles: ['CLIENT'] })
    const session = await addSession(id)
    await realm.setRoles(id, ['ADMIN'])
    await until(async () => (await sessionOf(session))?.roles.join() === 'ADMIN')
    await until(async () => (await actionsOf(id)).length >= 4)
    const changes = (await entriesOf(id)).filter(({ action }) => action === 'auth.roles-changed')
    expect(changes).toHaveLength(3)
    expect(changes.at(-1)).toMatchObject({
      actorId: null,
      ip: '127.0.0.1',
      detail: { from: [], to: ['ADMIN'], by: 'keycloak' },
    })
    expect((await sessionOf(session))?.revokedAt).toBeNull()
  })

  test('who is disabled in the console is out everywhere within seconds', async () => {
    const { id } = await realm.addPerson()
    const [one, other] = [await addSession(id), await addSession(id)]
    const somebody = await addSession(crypto.randomUUID())
    const startedAt = performance.now()
    await realm.setEnabled(id, false)
    await until(async () => Boolean((await sessionOf(one))?.revokedAt))
    expect(performance.now() - startedAt).toBeLessThan(10_000)
    expect((await sessionOf(other))?.revokedAt).toBeInstanceOf(Date)
    expect((await sessionOf(somebody))?.revokedAt).toBeNull()
    await until(async () => (await actionsOf(id)).includes('auth.account-disabled'))
  })

  test('who is deleted in the console is out as well', async () => {
    const { id } = await realm.addPerson()
    const session = await addSession(id)
    await realm.admin.send({ method: 'DELETE', path: `/${realm.name}/users/${id}` })
    await until(async () => Boolean((await sessionOf(session))?.revokedAt))
    await until(async () => (await actionsOf(id)).includes('auth.account-deleted'))
  })

  test('passwords that fail count with those of that minute', async () => {
    const { id, email } = await realm.addPerson()
    for (let count = 0; count < 2; count += 1) await realm.passwordOpens(email, 'wrong')
    await realm.passwordOpens('nobody@plexus.example', 'wrong')
    const failed = async (accountId: string) => {
      const [row] = await base.connectAdmin()<{ failed: number }[]>`
        select sum(failed)::int as failed
        from auth.failed_attempt
        where account_id = ${accountId}`
      return row?.failed ?? 0
    }
    await until(async () => (await failed(id)) === 2)
    await until(async () => (await failed('00000000-0000-0000-0000-000000000000')) >= 1)
    expect(await failed(id)).toBe(2)
  })

  test('what Plexus does itself in Keycloak is not told a second time', async () => {
    const { directory } = parts()
    const { id } = await realm.addPerson()
    const other = await realm.addPerson()
    await until(async () => (await actionsOf(id)).length >= 2)
    const before = await actionsOf(id)
    await database(sql, systemContext).write((tx) =>
      directory.setRoles(tx, { id, roles: ['SUPPORT'] }),
    )
    // What comes after it has been handled: then it has been, too.
    await realm.setEnabled(other.id, false)
    await until(async () => (await actionsOf(other.id)).includes('auth.account-disabled'))
    expect(await actionsOf(id)).toEqual(before)
  })

  test('where a session ends here its sign-in ends there, unless another session lives on it', async () => {
    const { id, email, password } = await realm.addPerson()
    for (let count = 0; count < 2; count += 1) await realm.passwordOpens(email, password)
    const [shared = '', single = ''] = await realm.signInsOf(id)
    const ended = await Promise.all([
      ...[addSession(id, shared), addSession(id, single), addSession(id, crypto.randomUUID())],
    ])
    await addSession(id, shared)
    await base.connectAdmin()`
      update auth.web_session set revoked_at = ${new Date()} where id = any(${ended})`
    clock.offsetMs = 5_000
    await until(async () => (await realm.signInsOf(id)).length === 1)
    clock.offsetMs = 0
    expect(await realm.signInsOf(id)).toEqual([shared])
  })

  test('nothing is done again after a restart, and nothing that came meanwhile is missed', async () => {
    const { id } = await realm.addPerson()
    const session = await addSession(id)
    await realm.setRoles(id, ['COACH'])
    await until(async () => (await sessionOf(session))?.roles.join() === 'COACH')
    await until(async () => (await actionsOf(id)).length >= 4)
    await Promise.all(followers.map((follower) => follower.stop()))
    const before = await actionsOf(id)
    await realm.setEnabled(id, false)
    followers = [follow()]
    await until(async () => Boolean((await sessionOf(session))?.revokedAt))
    expect(await actionsOf(id)).toEqual([...before, 'auth.account-disabled'])
  })
})
