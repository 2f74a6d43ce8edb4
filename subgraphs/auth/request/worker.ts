import type { Log } from '#kit/log'
import type { Database } from '#kit/postgres'
import { startWorker } from '#kit/worker'
import { type Fulfilment, fulfil } from './fulfil.ts'
import { deleteRequest, dueRequest, postponeRequests, sweepRequests } from './queries.ts'

type Options = Fulfilment & {
  readonly db: Database
  readonly now: () => Date
  readonly log: Log
}

/** After an answer has left, so that how long it took tells nothing of what is done then. */
const afterAnswerMs = 50
const againMs = 30_000
const patienceMs = 3_600_000
/** Whatever another process left behind is found by then. */
const everyMs = 10_000

export type Requests = {
  /** Says that something was asked for; it is done a moment later. */
  ring(): void
  start(): { stop(): Promise<void> }
}

/** Does what people without an account ask for. Many processes may do so. */
export function createRequests({ db, now, log, ...fulfilment }: Options): Requests {
  async function next(): Promise<boolean> {
    return db.write(async (sql) => {
      const asked = await dueRequest(sql, now())
      if (!asked) return false
      await fulfil(sql, asked, fulfilment)
      await deleteRequest(sql, asked.id)
      return true
    })
  }

  async function postpone() {
    const at = now()
    await db.write(async (sql) => {
      await postponeRequests(sql, { at, until: new Date(at.getTime() + againMs) })
      await sweepRequests(sql, new Date(at.getTime() - patienceMs))
    })
  }

  async function drain(): Promise<boolean> {
    try {
      while (await next());
    } catch (error) {
      log.warn('What somebody asked for waits; trying again', error)
      await postpone()
    }
    return false
  }

  let isRung = false
  return {
    ring: () => {
      if (isRung) return
      isRung = true
      setTimeout(() => {
        isRung = false
        drain().catch((error: unknown) => log.warn('What somebody asked for waits', error))
      }, afterAnswerMs)
    },
    start: () => startWorker({ work: drain, everyMs, log, trouble: 'Requests wait' }),
  }
}
