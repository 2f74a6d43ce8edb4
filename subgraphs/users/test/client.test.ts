import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createEmbeddedBus } from '#kit/bus.embedded'
import { toGlobalId } from '#kit/id'
import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import { type TestDatabase, testDatabase } from '../../../stack/testing/database.ts'
import { ask, dataOf, testIdentity, viewerWith } from '../../../stack/testing/subgraph.ts'
import { createUsers } from '../app.ts'
import { consumeClients } from '../client/arrival.ts'
import { configFrom } from '../config.ts'

const now = () => new Date('2027-01-04T09:00:00Z')
const log = createLog({ service: 'users', level: 'silent' })

let db: TestDatabase
let publisher: Awaited<ReturnType<typeof createEmbeddedBus>>
let stopAll: () => Promise<unknown>
let nameFor: (viewer: ReturnType<typeof viewerWith>, id: string) => Promise<string | null>

const query = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on User { displayName } } }`

beforeAll(async () => {
  db = await testDatabase()
  const { publicJwks, minter } = await testIdentity(now)
  const config = configFrom({
    DATABASE_URL: db.url('users'),
    PUBLIC_ORIGIN: 'https://plexus.example',
    MAIL_FOLDER: '/nowhere',
    LETTER_KEYS: `now:${'k'.repeat(43)}`,
    IDENTITY_PUBLIC_JWKS: JSON.stringify({ keys: publicJwks }),
  })
  const users = createUsers({ config, log, metrics: createMetrics('users'), now })
  publisher = await createEmbeddedBus({ url: db.url('bookings'), service: 'bookings', log })
  const bus = await createEmbeddedBus({ url: db.url('users'), service: 'users', log })
  const consumer = consumeClients({ sql: db.connect('users'), bus, log })
  stopAll = async () => {
    await consumer.stop()
    await Promise.all([publisher.stop(), bus.stop()])
    await db.drop()
  }
  nameFor = async (viewer, id) => {
    const variables = { representations: [{ __typename: 'User', id: toGlobalId('User', id) }] }
    const target = { fetch: users.fetch, name: 'users', minter }
    const answer = await ask(target, viewer, { query, variables })
    const [found] = dataOf<{ _entities: ({ displayName: string } | null)[] }>(answer)._entities
    return found?.displayName ?? null
  }
})
afterAll(() => stopAll())

async function person(displayName: string) {
  const viewer = viewerWith(['CLIENT'])
  await db.connectAdmin()`
    insert into users.person (id, email, display_name)
    values (${viewer.id}, ${`${viewer.id}@example.org`}, ${displayName})`
  return viewer.id
}

const tell = (clientId: string, coachId: string) =>
  publisher.publish([
    {
      ...{ id: Bun.randomUUIDv7(), entityId: crypto.randomUUID(), headers: {}, at: now() },
      topic: 'bookings.booking-held',
      payload: { clientId, coachId },
    },
  ])

describe('the name of a client', () => {
  test('is known to the coach whom they hold a time with, even when asked for a moment too early', async () => {
    const client = await person('Alice Bernard')
    const coach = viewerWith(['COACH'])
    const asked = nameFor(coach, client)
    await tell(client, coach.id)
    expect(await asked).toBe('Alice Bernard')
  })

  test('is hidden from other coaches and from other clients', async () => {
    const client = await person('Alice Bernard')
    await tell(client, viewerWith(['COACH']).id)
    expect(await nameFor(viewerWith(['COACH']), client)).toBeNull()
    expect(await nameFor(viewerWith(['CLIENT']), client)).toBeNull()
  })
})
