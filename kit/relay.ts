import { createAlarm } from './alarm.ts'
import type { Bus, OutboxEvent } from './bus.ts'
import type { Log } from './log.ts'
import type { Pool, Transaction } from './postgres.ts'
import { sweep } from './sweep.ts'

export type RelayOptions = {
  readonly sql: Pool
  readonly service: string
  readonly bus: Bus
  readonly log: Log
  /**
   * How long an event may wait when its notification was lost or the process that relayed has died.
   */
  readonly pollMs?: number
}

const batchSize = 200
const sweepEveryMs = 3_600_000

/**
 * Moves a service's committed events to the bus, in the order in which their transactions
 * committed. Many processes may start one: an advisory lock lets one work, and the next takes over
 * when it dies. Throws when the server does not record commit times. `stop` waits for the round
 * that is under way.
 */
export async function startRelay(options: RelayOptions): Promise<{ stop(): Promise<void> }> {
  const { sql, service, log, pollMs = 1_000 } = options
  await requireCommitTimes(sql)
  const alarm = createAlarm()
  const stopping = new AbortController()
  const listening = await sql.listen(`outbox_${service}`, alarm.ring, alarm.ring)
  const loop = async () => {
    while (!stopping.signal.aborted) {
      const moved = await relayOnce(options).catch((error: unknown) => {
        log.warn(`Events of ${service} wait in its outbox; trying again`, error)
        return 0
      })
      if (moved < batchSize) await alarm.sleep(pollMs, stopping.signal)
    }
  }
  const running = loop()
  const sweeping = setInterval(() => {
    sweep(sql).catch((error: unknown) => log.warn(`${service} could not sweep`, error))
  }, sweepEveryMs)
  return {
    stop: async () => {
      stopping.abort()
      clearInterval(sweeping)
      await running
      await listening.unlisten().catch(() => {})
    },
  }
}

async function requireCommitTimes(sql: Pool) {
  const [row] = await sql<{ setting: string }[]>`
    select current_setting('track_commit_timestamp') as setting`
  if (row?.setting === 'on') return
  throw new Error(
    'PostgreSQL must run with track_commit_timestamp=on: events are numbered in commit order.',
  )
}

/**
 * One batch; the number of events it moved. A crash after `publish` repeats the batch, and the bus
 * passes it over.
 */
export const relayOnce = ({ sql, service, bus }: Omit<RelayOptions, 'log'>): Promise<number> =>
  sql.begin(async (tx) => {
    if (!(await tryLock(tx, service))) return 0
    const events = await waitingEvents(tx)
    if (events.length === 0) return 0
    await bus.publish(events)
    await tx`
      update outbox
      set published_at = clock_timestamp()
      where id = any(${events.map(({ id }) => id)}::uuid[])`
    return events.length
  })

async function tryLock(tx: Transaction, service: string): Promise<boolean> {
  const [row] = await tx<{ isMine: boolean }[]>`
    select pg_try_advisory_xact_lock(hashtextextended(${`relay ${service}`}, 0)) as is_mine`
  return row?.isMine ?? false
}

/**
 * `seq` follows the order of inserts, which is not that of commits: it decides within one
 * transaction only.
 */
const waitingEvents = (tx: Transaction) => tx<OutboxEvent[]>`
  select id, topic, entity_id, payload, headers, created_at as at
  from outbox
  where published_at is null
  order by pg_xact_commit_timestamp(xmin) nulls first, seq
  limit ${batchSize}`
