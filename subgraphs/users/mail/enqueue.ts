import type { Bus, BusEvent } from '#kit/bus'
import { consume } from '#kit/inbox'
import type { Log } from '#kit/log'
import type { Pool, Sql } from '#kit/postgres'
import { toldBy } from './facts.ts'
import { insertMail } from './queries.ts'
import { isTooOld, kindOf, recipientsOf } from './rules.ts'

type Options = { sql: Pool; bus: Bus; log: Log; now: () => Date }

/** Events of before there were mails say too little to be one, and are no news. */
const isNews = ({ payload, at }: BusEvent, now: Date) =>
  Object.hasOwn(Object(payload), 'reference') && !isTooOld(at, now)

/** One row a recipient, in the transaction that notes the event as handled: both or neither. */
async function enqueue(sql: Sql, event: BusEvent, now: Date) {
  const kind = kindOf[event.topic]
  if (!kind || !isNews(event, now)) return
  const { clientId, coachId, version, facts } = toldBy(event.payload)
  for (const recipient of recipientsOf({ clientId, coachId })) {
    await insertMail(sql, {
      ...{ ...recipient, kind, facts },
      eventId: event.id,
      bookingId: event.entityId,
      bookingVersion: version,
      createdAt: now,
    })
  }
}

/** Every change of a booking that its people must know becomes a mail to each of them, once. */
export const consumeBookings = ({ sql, bus, log, now }: Options) =>
  consume({
    ...{ bus, sql, log },
    consumer: 'users.mail',
    topics: Object.keys(kindOf),
    handle: (tx, event) => enqueue(tx, event, now()),
  })
