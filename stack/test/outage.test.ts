import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { connect, type Pool } from '#kit/postgres'
import { freePort } from '../ports.ts'
import { type Postgres, startPostgres } from '../postgres.ts'
import { newSecrets } from '../secrets.ts'
import { type System, startSystem } from '../system.ts'
import { holdSlot, offerSessions, slotsOf } from '../testing/coach.ts'
import type { GraphAnswer, Person } from '../testing/person.ts'
import { peopleOf, testEnvironments, until } from '../testing/system.ts'
import { migrated } from '../up/database.ts'

// A server of our own: no other test may feel that it stops. Durable, since what it acknowledged must survive.
const home = join(import.meta.dir, `../../.plexus/test/system-outage-${process.pid}`)
let port: number
let postgres: Postgres
let system: System
let people: ReturnType<typeof peopleOf>
let admin: Pool

const start = () => startPostgres({ dataDir: join(home, 'postgres'), port })

beforeAll(async () => {
  await mkdir(home, { recursive: true })
  port = await freePort()
  postgres = await start()
  const url = await migrated(postgres.adminUrl, await newSecrets())
  const { environments } = await testEnvironments({ url })
  system = await startSystem({ environments, now: () => new Date(), write: () => {} })
  people = peopleOf(system.origin)
  const database = new URL(postgres.adminUrl)
  database.pathname = '/plexus'
  admin = connect({ url: database.href, service: 'outage-test', max: 1 })
}, 90_000)

afterAll(async () => {
  await system?.stop()
  await admin?.end({ timeout: 1 })
  await postgres?.stop()
  await rm(home, { recursive: true, force: true })
}, 60_000)

type Load = { answers: GraphAnswer[]; held: string[] }

/** Clients who hold one free time after another until they are told to stop. */
function load(
  clients: readonly Person[],
  tokens: string[],
  stopping: AbortSignal,
): [Load, Promise<unknown>] {
  const seen: Load = { answers: [], held: [] }
  const hold = async (client: Person) => {
    while (!stopping.aborted) {
      const slotToken = tokens.shift() ?? ''
      const input = { idempotencyKey: crypto.randomUUID(), slotToken }
      const answer = await client.graph({ query: holdSlot, variables: { input } })
      seen.answers.push(answer)
      const data = answer.body.data as { holdSlot: { booking?: { id: string } } } | null | undefined
      if (data?.holdSlot.booking) seen.held.push(data.holdSlot.booking.id)
      await Bun.sleep(5)
    }
  }
  return [seen, Promise.all(clients.map(hold))]
}

const uuidOf = (globalId: string) =>
  Buffer.from(globalId, 'base64url').toString().split(':')[1] ?? ''

const ready = async () => (await fetch(`${system.origin}/readyz`)).status

test('PostgreSQL stops under load: clear 503, recovery by itself, nothing acknowledged is lost', async () => {
  const coach = await people.person('Coach', ['COACH'])
  const { serviceId } = await offerSessions(coach, { slug: 'outage', duration: 'PT15M' })
  const tokens = (await slotsOf(coach, serviceId, 30)).map(({ token }) => token)
  const clients = await Promise.all(
    ['A', 'B', 'C', 'D', 'E', 'F'].map((name) => people.person(name)),
  )
  const stopping = new AbortController()
  const [seen, running] = load(clients, tokens, stopping.signal)

  await until(async () => seen.held.length > 3)
  await postgres.stop()
  const before = seen.answers.length
  await until(async () => seen.answers.length > before + 12)
  const during = seen.answers.slice(before + 6)
  for (const { status, body, headers } of during) {
    expect(status).toBe(503)
    expect(body.errors?.[0]?.extensions.code).toBe('UNAVAILABLE')
    expect(headers.get('retry-after')).not.toBeNull()
  }

  // Who watches from outside asks the services, and needs no way to the database.
  expect(await ready()).toBe(503)

  postgres = await start()
  const restarted = seen.answers.length
  await until(async () =>
    seen.answers.slice(restarted).some(({ status, body }) => status === 200 && !body.errors),
  )
  stopping.abort()
  await running
  expect(await ready()).toBe(200)

  const kept = await admin<{ id: string }[]>`
    select id from bookings.booking where id = any(${seen.held.map(uuidOf)}::uuid[])`
  expect(kept).toHaveLength(new Set(seen.held).size)
  // A session that was live before the outage is live after it.
  const { viewer } = await (clients[0] as Person).ask<{ viewer: object | null }>(
    '{ viewer { id } }',
  )
  expect(viewer).not.toBeNull()
}, 120_000)
