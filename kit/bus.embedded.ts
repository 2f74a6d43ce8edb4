import { createAlarm } from './alarm.ts'
import type { Bus, BusEvent, OutboxEvent, Past, Subscription } from './bus.ts'
import type { Log } from './log.ts'
import { type ConnectOptions, connect, type Json, type Pool } from './postgres.ts'

/** The service's login role. */
export type EmbeddedBusOptions = Pick<ConnectOptions, 'url' | 'tls' | 'direct'> & {
  readonly service: string
  readonly log: Log
  /** How long an event may stay unseen when its notification was lost. */
  readonly pollMs?: number
}

const batchSize = 200

/**
 * The bus in the table `bus.event`. Notifications carry positions only and do no more than end a
 * wait early.
 */
export async function createEmbeddedBus(options: EmbeddedBusOptions): Promise<Bus> {
  const { service, log, pollMs = 1_000, ...database } = options
  const sql = connect({ ...database, service: `${service}-bus`, max: 2 })
  const wakes = new Set<() => void>()
  const wakeAll = () => {
    for (const wake of wakes) wake()
  }
  // The second callback runs after each (re)connection: what happened in between is looked up then.
  await sql.listen('bus', wakeAll, wakeAll)

  async function* subscribe({ topics, after, signal }: Subscription) {
    const alarm = createAlarm()
    wakes.add(alarm.ring)
    try {
      let position = after
      while (!signal.aborted) {
        const page = { topics, after: position, upTo: Number.MAX_SAFE_INTEGER, limit: batchSize }
        const events = await eventsIn(sql, page).catch((error: unknown) => {
          log.warn('The bus cannot be read; trying again', error)
          return []
        })
        for (const event of events) {
          if (signal.aborted) return
          yield event
          position = event.position
        }
        if (events.length < batchSize) await alarm.sleep(pollMs, signal)
      }
    } finally {
      wakes.delete(alarm.ring)
    }
  }

  return {
    publish: async (events) => {
      if (events.length > 0) await sql`select bus.publish(${sql.json(events.map(jsonOf))})`
    },
    subscribe,
    past: (page) => eventsIn(sql, page),
    head: () => headOf(sql),
    stop: () => sql.end({ timeout: 1 }),
  }
}

const jsonOf = ({ at, ...event }: OutboxEvent): Json => ({ ...event, at: at.toISOString() })

const eventsIn = (sql: Pool, { topics, after, upTo, limit }: Past) => sql<BusEvent[]>`
  select position, id, source, topic, entity_id, payload, headers, at
  from bus.event
  where position > ${after} and position <= ${upTo} and topic = any(${[...topics]}::text[])
  order by position
  limit ${limit}`

async function headOf(sql: Pool): Promise<number> {
  const [row] = await sql<{ position: number }[]>`select position from bus.head`
  return row?.position ?? 0
}
