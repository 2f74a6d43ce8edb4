import { randomBytes } from 'node:crypto'
import { createEmbeddedBus } from '#kit/bus.embedded'
import { createLog } from '#kit/log'
import type { Json } from '#kit/postgres'
import { createVault } from '#kit/vault'
import { testDatabase } from '../../../stack/testing/database.ts'
import { until } from '../../../stack/testing/system.ts'
import { consumeLetters } from '../mail/account-enqueue.ts'
import { consumeBookings } from '../mail/enqueue.ts'
import { createSmtpMailer } from '../mail/mailer.smtp.ts'
import type { Mailer } from '../mail/mailer.ts'
import { forgetOldMails, sendDueMails } from '../mail/worker.ts'

export const letterVault = createVault([{ id: 'now', key: new Uint8Array(randomBytes(32)) }])
const house = {
  vault: letterVault,
  sender: { name: 'Plexus', address: 'no-reply@plexus.example' },
  publicOrigin: 'https://plexus.example',
}

export const payloadOf = (people: { clientId: string; coachId: string }): Record<string, Json> => ({
  ...people,
  reference: '7F3K29QX',
  serviceId: crypto.randomUUID(),
  seats: 1,
  startsAt: '2027-01-12T09:00:00.000Z',
  endsAt: '2027-01-12T09:30:00.000Z',
  timeZone: 'Europe/Paris',
  serviceName: { fr: 'Séance découverte', en: 'First session' },
  location: 'ONLINE',
  price: { amount: 6000, currency: 'EUR' },
  version: 2,
})

export const smtpMailer = (port: number) =>
  createSmtpMailer({
    server: { host: '127.0.0.1', port, tls: 'offered', auth: null },
    sender: house.sender,
  })

type Person = {
  id: string
  email: string | null
  displayName: string
  locale: string
  timeZone: string
}

/** Users' mail on a real database, with the bookings service's bus and a clock that the test sets. */
export async function mailWorld() {
  const db = await testDatabase()
  const lines: string[] = []
  const log = createLog({ service: 'users', level: 'info', write: (line) => lines.push(line) })
  const admin = db.connectAdmin()
  const sql = db.connect('users')
  const publisher = await createEmbeddedBus({ url: db.url('bookings'), service: 'bookings', log })
  const bus = await createEmbeddedBus({ url: db.url('users'), service: 'users', log })
  let time = new Date('2027-01-04T09:00:00Z').getTime()
  const now = () => new Date(time)
  const consumer = consumeBookings({ sql, bus, log, now })
  const letters = consumeLetters({ sql, bus, log, now })
  const accounts = await createEmbeddedBus({ url: db.url('auth'), service: 'auth', log })

  const rows = () => admin<
    { id: string; recipientId: string; state: string; attempts: number; lastError: string | null }[]
  >`
    select id, recipient_id, state, attempts, last_error from users.mail order by created_at, id`

  return {
    ...{ db, admin, sql, lines, now, rows },
    passMinutes: (minutes: number) => {
      time += minutes * 60_000
    },
    async person(change: Partial<Person> = {}) {
      const id = change.id ?? crypto.randomUUID()
      const person = {
        id,
        email: `${id}@example.org`,
        displayName: 'Alice',
        locale: 'fr',
        timeZone: 'Europe/Paris',
        ...change,
      }
      await admin`insert into users.person ${admin(person)}`
      return person
    },
    /** Tells of a booking as the bookings service does, and waits until it is handled. */
    async tell(
      change: string,
      payload: Json,
      {
        entityId = crypto.randomUUID() as string,
        at = now(),
        id = Bun.randomUUIDv7() as string,
      } = {},
    ) {
      await publisher.publish([
        { id, topic: `bookings.booking-${change}`, entityId, payload, headers: {}, at },
      ])
      await until(async () => {
        const [row] =
          await admin`select from users.inbox where event_id = ${id} and consumer = 'users.mail'`
        return row !== undefined
      })
      return { id, entityId }
    },
    /** Asks for a letter as the accounts do, and waits until it is handled. */
    async askLetter(payload: Json & { personId: string }, id: string = Bun.randomUUIDv7()) {
      const event = { id, topic: 'auth.letter-requested', entityId: payload.personId, payload }
      await accounts.publish([{ ...event, headers: {}, at: now() }])
      await until(async () => {
        const [row] = await admin`
          select from users.inbox where event_id = ${id} and consumer = 'users.account-mail'`
        return row !== undefined
      })
      return id
    },
    /** One round of one worker. */
    round: (mailer: Mailer) => sendDueMails({ sql, log, now, mailer, house }),
    forget: () => forgetOldMails({ sql, now }),
    async stop() {
      await Promise.all([consumer.stop(), letters.stop()])
      await Promise.all([publisher.stop(), accounts.stop(), bus.stop()])
      await db.drop()
    },
  }
}

export type MailWorld = Awaited<ReturnType<typeof mailWorld>>
