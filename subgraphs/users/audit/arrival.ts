import type { Bus, BusEvent } from '#kit/bus'
import { consume } from '#kit/inbox'
import type { Log } from '#kit/log'
import type { Pool, Sql } from '#kit/postgres'
import { raise } from '../alert/queries.ts'
import { entryFrom } from './entry.ts'
import { insertEntry } from './queries.ts'
import { alertFor, type Thresholds } from './rules.ts'

type Options = {
  readonly sql: Pool
  readonly bus: Bus
  readonly log: Log
  readonly thresholds: Thresholds
}

/** Every topic whose events become links of the chain. */
export const auditedTopics = [
  'auth.audited',
  'bookings.audited',
  'billing.audited',
  'users.audited',
  'auth.user-login',
] as const

async function record(sql: Sql, event: BusEvent, thresholds: Thresholds) {
  const entry = entryFrom(event)
  await insertEntry(sql, entry)
  const alert = alertFor(entry, thresholds)
  if (alert) await raise(sql, { ...alert, eventId: entry.id, at: entry.at })
}

/** Every act that a room tells of becomes a link of the chain, once. */
export const consumeAudited = ({ sql, bus, log, thresholds }: Options) =>
  consume({
    ...{ bus, sql, log },
    consumer: 'users.audit',
    topics: auditedTopics,
    handle: (tx, event) => record(tx, event, thresholds),
  })
