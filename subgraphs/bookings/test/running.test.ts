import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { resolve } from 'node:path'
import { ConfigError } from '#kit/config'
import { fromGlobalId } from '#kit/id'
import { createLog } from '#kit/log'
import { migrate } from '#kit/migrations'
import { testDatabase } from '../../../stack/testing/database.ts'
import { startHoldSweep } from '../booking/sweep.ts'
import { configFrom } from '../config.ts'
import { Harness } from './harness.ts'

let it: Harness
beforeAll(async () => {
  it = await Harness.start()
})
afterAll(() => it.stop())

const until = async (holds: () => Promise<boolean>) => {
  const deadline = Date.now() + 20_000
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('It did not happen within five seconds.')
    await Bun.sleep(10)
  }
}

describe('the sweep', () => {
  test('ends a hold that nobody competes for and tells of it once', async () => {
    const { serviceId } = await it.coachWithService()
    const { booking } = await it.held(serviceId)
    const id = fromGlobalId('Booking', booking.id) ?? ''
    it.pass(10)
    const sweep = startHoldSweep({
      sql: it.db.connect('bookings'),
      log: createLog({ service: 'bookings', level: 'silent' }),
      now: it.now,
      everyMs: 5,
    })
    await until(async () => (await it.topics(id)).length === 2)
    await sweep.stop()
    expect(await it.topics(id)).toEqual(['bookings.booking-held', 'bookings.booking-expired'])
    const [session] = await it.admin`
      select session.status, seats_taken from bookings.session
      join bookings.booking on session_id = session.id where booking.id = ${id}`
    expect(session).toEqual({ status: 'EXPIRED', seatsTaken: 0 })
  })
})

describe('the whole service', () => {
  test('is ready, and what it tells reaches the bus', async () => {
    await it.service?.checks.postgres?.()
    await it.service?.start()
    const { serviceId } = await it.coachWithService()
    const { booking } = await it.booked(serviceId, '2027-06-09T07:00:00.000Z')
    const id = fromGlobalId('Booking', booking.id) ?? ''
    const topics = async () =>
      (
        await it.admin<{ topic: string }[]>`
          select topic from bus.event where entity_id = ${id} order by position`
      ).map(({ topic }) => topic)
    await until(async () => (await topics()).length === 2)
    expect(await topics()).toEqual(['bookings.booking-held', 'bookings.booking-confirmed'])
  })
})

test('migrations go all the way down and up again', async () => {
  const db = await testDatabase()
  const sql = db.connectAdmin()
  const step = { sql, service: 'bookings', folder: resolve(import.meta.dir, '../migrations') }
  const tables = async () =>
    (
      await sql<{ name: string }[]>`
        select table_name as name from information_schema.tables where table_schema = 'bookings'`
    ).map(({ name }) => name)
  const full = await tables()
  expect(await migrate({ ...step, to: 0 })).toEqual([
    '0004_session_at',
    '0003_money',
    '0002_busy_sessions',
    '0001_bookings',
  ])
  expect(await tables()).not.toContain('booking')
  await migrate(step)
  expect((await tables()).sort()).toEqual(full.sort())
  await db.drop()
})

test('services that are there already are told of once, when prices come', async () => {
  const db = await testDatabase()
  const sql = db.connectAdmin()
  const step = { sql, service: 'bookings', folder: resolve(import.meta.dir, '../migrations') }
  await migrate({ ...step, to: 2 })
  const coachId = crypto.randomUUID()
  await sql`insert into bookings.coach_calendar (coach_id) values (${coachId})`
  const [service] = await sql<{ id: string }[]>`
    insert into bookings.service (
      coach_id, name, minutes, step_minutes, capacity, location, buffer_before_minutes,
      buffer_after_minutes, notice_minutes, horizon_days, cancel_notice_minutes, created_at
    )
    values (${coachId}, '{"fr": "Yoga", "en": "Yoga"}', 60, 15, 1, 'ONLINE', 0, 0, 0, 60, 0, now())
    returning id`
  await migrate(step)
  const told = await sql<{ entityId: string; payload: unknown }[]>`
    select entity_id, payload from bookings.outbox where topic = 'bookings.service-changed'`
  expect([...told]).toEqual([
    {
      entityId: service?.id ?? '',
      payload: {
        serviceId: service?.id,
        coachId,
        name: { fr: 'Yoga', en: 'Yoga' },
        archived: false,
        version: 1,
      },
    },
  ])
  await db.drop()
})

describe('the configuration', () => {
  const env = {
    DATABASE_URL: 'postgres://svc_bookings@localhost/plexus',
    IDENTITY_PUBLIC_JWKS:
      '{"keys":[{"kid":"k","kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}',
    SLOT_TOKEN_SECRET: 'a-secret-of-thirty-two-bytes-or-more',
  }

  test('has a default for everything that is no secret', () => {
    expect(configFrom(env)).toMatchObject({
      port: 4002,
      holdMs: 600_000,
      holdsPerClientMax: 3,
      slotToken: { lifetimeMs: 900_000 },
    })
  })

  test('names every bad variable at once and repeats no value', () => {
    const bad = { ...env, SLOT_TOKEN_SECRET: 'short', HOLD_MINUTES: '-1', DATABASE_URL: undefined }
    const refused = () => configFrom(bad)
    expect(refused).toThrow(ConfigError)
    expect(refused).toThrow(/DATABASE_URL[\s\S]*SLOT_TOKEN_SECRET[\s\S]*HOLD_MINUTES/)
    expect(refused).not.toThrow(/short/)
  })
})
