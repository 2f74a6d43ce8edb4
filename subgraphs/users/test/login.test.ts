import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { toGlobalId } from '#kit/id'
import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import { dataOf, viewerWith } from '../../../stack/testing/subgraph.ts'
import { until } from '../../../stack/testing/system.ts'
import { createMailSink } from '../alert/sink.mail.ts'
import { createLogSink } from '../alert/sink.ts'
import { tellNextAlert } from '../alert/worker.ts'
import type { Mail } from '../mail/mailer.ts'
import { type AuditWorld, auditWorld } from './audit-world.ts'

let world: AuditWorld
beforeAll(async () => {
  world = await auditWorld()
})
afterAll(() => world.stop())

const administrator = viewerWith(['ADMIN'])

type Login = {
  personId?: string
  acr?: string
  silent?: boolean
  place?: string | null
  email?: string | null
}

async function signIn({ personId = crypto.randomUUID(), acr = '1', ...rest }: Login = {}) {
  const sessionId = crypto.randomUUID()
  await world.tell(
    'auth.user-login',
    {
      ...{ personId, sessionId, acr, roles: ['CLIENT'], device: 'Firefox', ip: '192.0.2.0/24' },
      ...{ place: null, email: `${personId}@example.org`, displayName: 'Ada', locale: 'fr' },
      ...{ at: world.now().toISOString(), ...rest },
    },
    { entityId: personId },
  )
  await until(async () => {
    const [row] = await world.admin`
      select count(*)::int as count
      from users.inbox
      join bus.event on event.id = inbox.event_id
      where event.payload ->> 'sessionId' = ${sessionId}`
    return row?.count === 2
  })
  return { personId, sessionId }
}

const daysQuery = '{ loginDays { day kind count } }'
type Days = { loginDays: { day: string; kind: string; count: number }[] }

const days = async () => dataOf<Days>(await world.as(administrator, daysQuery)).loginDays

const alerts = (kind: string) =>
  world.lines.filter((line) => line.includes(`security alert ${kind}`))

describe('a sign-in', () => {
  test('reaches the analytics, counted once by day and strength of the proof', async () => {
    await signIn()
    await signIn({ acr: '2' })
    await signIn({ acr: '2' })
    expect(await days()).toEqual([
      { day: '2027-01-04', kind: 'PASSWORD', count: 1 },
      { day: '2027-01-04', kind: 'SECOND_FACTOR', count: 2 },
    ])
    expect(await world.metrics.text()).toMatch(/user_logins_total\{kind="SECOND_FACTOR"[^}]*\} 2/)
  })

  test('is a link of the audit, with the session and the network', async () => {
    const { personId, sessionId } = await signIn()
    const query = `query ($filter: AuditFilter) { auditEvents(filter: $filter) {
      edges { node { action entity entityId actorId ip } } } }`
    const { body } = await world.as(administrator, query, { filter: { entityId: sessionId } })
    expect(body.data).toEqual({
      auditEvents: {
        edges: [
          {
            node: {
              ...{ action: 'auth.signed-in', entity: 'Session', entityId: sessionId },
              ...{ actorId: toGlobalId('User', personId), ip: '192.0.2.0' },
            },
          },
        ],
      },
    })
  })

  test('dates the person, for administrators only', async () => {
    const { personId } = await signIn()
    const query = `query ($id: ID!) { user(id: $id) { displayName lastLoginAt } }`
    const id = toGlobalId('User', personId)
    const { body } = await world.as(administrator, query, { id })
    expect(body.data?.user).toMatchObject({ lastLoginAt: world.now().toISOString() })
    const refused = await world.as(viewerWith(['SUPPORT']), query, { id })
    expect(refused.body.data?.user).toMatchObject({ lastLoginAt: null })
    expect(refused.body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  })

  test('makes a person of whom only another provider knew, and leaves one who is known as they are', async () => {
    const { personId } = await signIn()
    const people = () => world.admin`
      select display_name, email from users.person where id = ${personId}`
    expect([...(await people())]).toEqual([
      { displayName: 'Ada', email: `${personId}@example.org` },
    ])
    await signIn({ personId, email: 'other@example.org' })
    expect([...(await people())]).toEqual([
      { displayName: 'Ada', email: `${personId}@example.org` },
    ])
  })

  test("of a newcomer with another person's address makes a person without one", async () => {
    await signIn({ email: 'shared@example.org' })
    const { personId } = await signIn({ email: 'shared@example.org' })
    const [person] = await world.admin`select email from users.person where id = ${personId}`
    expect(person?.email).toBeNull()
  })
})

describe('a sign-in that nobody saw', () => {
  test('is counted apart and does not date the person', async () => {
    const { personId } = await signIn({ silent: true, acr: '2' })
    const [person] = await world.admin`
      select last_login_at from users.person where id = ${personId}`
    expect(person?.lastLoginAt).toBeNull()
    expect((await days()).find(({ kind }) => kind === 'SILENT')?.count).toBe(1)
  })
})

describe('a sign-in from a country', () => {
  test('is an alert when the person has signed in from others only', async () => {
    const { personId } = await signIn({ place: 'Orléans, FR' })
    await signIn({ personId, place: 'Paris, FR' })
    expect(alerts('NEW_COUNTRY')).toHaveLength(0)
    await signIn({ personId, place: 'Lisbon, PT' })
    await until(async () => alerts('NEW_COUNTRY').length > 0)
    await signIn({ personId, place: 'Porto, PT' })
    expect(alerts('NEW_COUNTRY')).toHaveLength(1)
    expect(alerts('NEW_COUNTRY')[0]).toContain(personId)
  })
})

describe('an alert', () => {
  const failed = (count: number, accounts: { id: string; failed: number }[] = []) =>
    world.act('auth.attempts-failed', { detail: { failed: count, accounts } })
  const settled = () =>
    until(async () => {
      const waiting = await world.admin`
        select from users.security_alert where told_at is null`
      return waiting.length === 0
    })

  test('is raised by a burst of failures, of all together or of one account, and not below it', async () => {
    await failed(49, [{ id: crypto.randomUUID(), failed: 9 }])
    await settled()
    expect(alerts('FAILURE_BURST')).toHaveLength(0)
    await failed(50)
    const account = crypto.randomUUID()
    await failed(10, [{ id: account, failed: 10 }])
    await until(async () => alerts('FAILURE_BURST').length === 2)
    expect(alerts('FAILURE_BURST').some((line) => line.includes(account))).toBe(true)
  })

  test('is raised by a second factor that locked, and not by one wrong code', async () => {
    const before = alerts('FAILURE_BURST').length
    await world.act('auth.second-factor-failed', { detail: { failed: 1, locked: false } })
    await settled()
    expect(alerts('FAILURE_BURST')).toHaveLength(before)
    await world.act('auth.second-factor-failed', { detail: { failed: 5, locked: true } })
    await until(async () => alerts('FAILURE_BURST').length === before + 1)
  })

  test('is mailed to ALERT_EMAIL, tried again while the server is away, and logged once', async () => {
    await settled()
    const sql = world.db.connect('users', { max: 1 })
    const [{ id = '' } = {}] = await world.admin<{ id: string }[]>`
      insert into users.security_alert (event_id, kind, summary, raised_at, due_at, attempts)
      values (${crypto.randomUUID()}, 'NEW_ADMIN', 'Eve <b>was</b> made an administrator.',
        ${world.now()}, ${new Date(world.now().getTime() + 3_600_000)}, 0)
      returning id`
    const sent: Mail[] = []
    let isAway = true
    const mailer = {
      destination: 'memory',
      send: async (mail: Mail) => {
        if (isAway) throw new Error('away')
        sent.push(mail)
      },
    }
    const lines: string[] = []
    const log = createLog({ service: 'users', write: (line) => lines.push(line) })
    const sinks = [
      createLogSink({ log, metrics: createMetrics('users', { ofProcess: false }) }),
      createMailSink({ mailer, address: 'watch@example.org', domain: 'plexus.example' }),
    ]
    let at = world.now().getTime() + 3_600_000
    const tell = () => tellNextAlert({ sql, log, sinks, now: () => new Date(at) })
    expect(await tell()).toBe(true)
    expect(await tell()).toBe(false)
    isAway = false
    at += 60_000
    expect(await tell()).toBe(true)
    expect(sent).toMatchObject([
      { messageId: `${id}@plexus.example`, to: { address: 'watch@example.org' }, calendar: null },
    ])
    expect(sent[0]?.html).toContain('Eve &lt;b&gt;was')
    expect(lines.filter((line) => line.includes('security alert NEW_ADMIN'))).toHaveLength(1)
    expect(await tell()).toBe(false)
  })

  test('is raised by a new administrator, once, and not by one who was one already', async () => {
    const roles = (from: string[], to: string[]) =>
      world.act('auth.roles-changed', { detail: { from, to } })
    await roles(['ADMIN'], ['ADMIN', 'COACH'])
    await roles(['CLIENT'], ['COACH'])
    await settled()
    expect(alerts('NEW_ADMIN')).toHaveLength(0)
    const { entityId } = await roles(['CLIENT'], ['CLIENT', 'ADMIN'])
    await until(async () => alerts('NEW_ADMIN').length === 1)
    expect(alerts('NEW_ADMIN')[0]).toContain(entityId)
    expect(await world.metrics.text()).toMatch(/security_alerts_total\{kind="NEW_ADMIN"[^}]*\} 1/)
  })
})
