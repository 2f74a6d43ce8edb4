import type { Log } from '#kit/log'
import { database, type Pool, systemContext } from '#kit/postgres'
import { startWorker } from '#kit/worker'
import { claimAlert, postponeAlert, settleAlert } from './queries.ts'
import { pauseAfter } from './rules.ts'
import type { AlertSink } from './sink.ts'

type Options = {
  readonly sql: Pool
  readonly log: Log
  readonly now: () => Date
  /** Each is told; an alert is settled when the last one has heard of it. */
  readonly sinks: readonly AlertSink[]
}

/** Tells of one alert, if one is due; false when there is none. A sink that throws is tried again later, with the others. */
export async function tellNextAlert({ sql, log, now, sinks }: Options): Promise<boolean> {
  const db = database(sql, systemContext)
  const alert = await db.write((tx) => claimAlert(tx, now()))
  if (!alert) return false
  const { id, attempts } = alert
  try {
    for (const sink of sinks) await sink.tell(alert)
  } catch (error) {
    log.warn(`The alert ${id} could not be told everywhere; it is tried again`, error)
    const dueAt = new Date(now().getTime() + pauseAfter(attempts))
    await db.write((tx) => postponeAlert(tx, { id, dueAt }))
    return true
  }
  await db.write((tx) => settleAlert(tx, { id, at: now() }))
  return true
}

/** Looks for alerts until it is stopped. Many processes may run one. */
export const startAlertWorker = (options: Options & { readonly everyMs: number }) =>
  startWorker({
    ...{ log: options.log, everyMs: options.everyMs, trouble: 'Alerts wait; trying again' },
    work: () => tellNextAlert(options),
  })
