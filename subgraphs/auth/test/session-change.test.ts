import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { database, systemContext } from '#kit/postgres'
import { endSessionsOf, setSessionRoles, signedInRecently, stepUp } from '../session/step-up.ts'
import { type Graph, newGraph, now } from './graph.ts'

let graph: Graph
const told: string[] = []
beforeAll(async () => {
  graph = await newGraph()
  await graph.base.connect('gateway').listen('web_session', (text) => told.push(text))
})
beforeEach(() => {
  told.length = 0
})
afterAll(() => graph.stop())

const minuteMs = 60_000
const system = () => database(graph.base.connect('auth', { max: 1 }), systemContext)

/** A session as the gateway writes it. */
async function addSession(change: Record<string, unknown> = {}) {
  const gateway = graph.base.connect('gateway', { max: 1 })
  const personId = crypto.randomUUID()
  const row = {
    ...{ idHash: randomBytes(32), personId, subject: personId, roles: ['CLIENT'] },
    ...{ tokens: Buffer.from('sealed'), device: 'Firefox', authenticatedAt: now() },
    expiresAt: new Date(now().getTime() + 60 * minuteMs),
    absoluteEnd: new Date(now().getTime() + 120 * minuteMs),
    ...change,
  }
  const [inserted] = await gateway<{ id: string; personId: string }[]>`
    insert into auth.web_session ${gateway(row)} returning id, person_id`
  if (!inserted) throw new Error('An insert gave no row.')
  return { sessionId: inserted.id, personId: inserted.personId }
}

const rowOf = async (sessionId: string) => {
  const [row] = await graph.admin`
    select roles, acr, acr_at, revoked_at, acting_for, acting_roles
    from auth.web_session
    where id = ${sessionId}`
  return row
}

const eventually = async (text: string) => {
  const deadline = Date.now() + 5_000
  while (!told.includes(text) && Date.now() < deadline) await Bun.sleep(5)
  expect(told).toContain(text)
}

describe('a second factor', () => {
  test('raises the level of the session that proved it, and gateways are told', async () => {
    const session = await addSession()
    expect(await system().write((sql) => stepUp(sql, { ...session, at: now() }))).toBe(true)
    expect(await rowOf(session.sessionId)).toMatchObject({ acr: '2', acrAt: now() })
    await eventually(`changed ${session.sessionId}`)
  })

  test('raises nobody else’s, and none that is over', async () => {
    const session = await addSession()
    const stranger = { ...session, personId: crypto.randomUUID(), at: now() }
    expect(await system().write((sql) => stepUp(sql, stranger))).toBe(false)
    const over = await addSession({ revokedAt: now() })
    expect(await system().write((sql) => stepUp(sql, { ...over, at: now() }))).toBe(false)
    expect(await rowOf(session.sessionId)).toMatchObject({ acr: '1' })
  })
})

test('a sign-in is recent for fifteen minutes, by when it was proven and not by the session', async () => {
  const at = (minutes: number) => new Date(now().getTime() - minutes * minuteMs)
  const recently = async (authenticatedAt: Date | null) => {
    const session = await addSession({ authenticatedAt })
    return system().read((sql) => signedInRecently(sql, { ...session, at: now() }))
  }
  expect(await recently(at(14))).toBe(true)
  expect(await recently(at(15))).toBe(false)
  expect(await recently(null)).toBe(false)
})

test('new roles reach live sessions, and whoever acts for the person', async () => {
  const session = await addSession()
  const { personId } = session
  const until = new Date(now().getTime() + minuteMs)
  const acting = await addSession({
    ...{ actingFor: personId, actingName: 'Ada', actingRoles: ['CLIENT'], actingUntil: until },
  })
  const roles = ['CLIENT', 'COACH'] as const
  await system().write((sql) => setSessionRoles(sql, { personId, roles, at: now() }))
  expect(await rowOf(session.sessionId)).toMatchObject({ roles: ['CLIENT', 'COACH'] })
  expect(await rowOf(acting.sessionId)).toMatchObject({
    ...{ roles: ['CLIENT'], actingRoles: ['CLIENT', 'COACH'] },
  })
  await eventually(`changed ${session.sessionId}`)
  await eventually(`changed ${acting.sessionId}`)
})

test('who is put out has no session left, and nobody acts for them', async () => {
  const session = await addSession()
  const { personId } = session
  const until = new Date(now().getTime() + minuteMs)
  const acting = await addSession({
    ...{ actingFor: personId, actingName: 'Ada', actingRoles: ['CLIENT'], actingUntil: until },
  })
  const ended = system().write((sql) =>
    endSessionsOf(sql, { personId, at: now(), reason: 'disabled' }),
  )
  expect(await ended).toBe(1)
  expect((await rowOf(session.sessionId))?.revokedAt).toEqual(now())
  expect(await rowOf(acting.sessionId)).toMatchObject({ revokedAt: null, actingFor: null })
  await eventually(`revoked ${session.sessionId}`)
  await eventually(`changed ${acting.sessionId}`)
})

test('a sign-in tells of itself, once, and without a whole address', async () => {
  const { sessionId, personId } = await addSession({
    ...{ ip: '203.0.113.0/24', place: 'Lyon, FR', email: 'ada@example.org', displayName: 'Ada' },
    ...{ locale: 'fr', acr: '2', createdAt: now() },
  })
  const events = await graph.admin`
    select payload from auth.outbox where topic = 'auth.user-login' and entity_id = ${personId}`
  expect(events.map(({ payload }) => payload)).toEqual([
    {
      ...{ personId, sessionId, acr: '2', roles: ['CLIENT'], device: 'Firefox' },
      ...{ ip: '203.0.113.0/24', place: 'Lyon, FR', email: 'ada@example.org' },
      ...{ displayName: 'Ada', locale: 'fr', silent: false, at: expect.any(String) },
    },
  ])
  expect(new Date(events[0]?.payload.at)).toEqual(now())
})
