import type { Log } from '#kit/log'
import type { Database } from '#kit/postgres'
import { startWorker } from '#kit/worker'
import { sweepTokens } from '../letter/token.ts'
import { sweepProofs } from '../proof-of-work/queries.ts'
import { type Fulfilment, fulfil } from './fulfil.ts'
import { deleteRequest, dueRequest, postponeRequests, sweepRequests } from './queries.ts'
import { sweepRates } from './rate.ts'

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
const sweepEveryMs = 10 * 60_000

export type Requests = {
  /** Says that something was asked for; it is done a moment later. */
  ring(): void
  /** Removes what is over; `start` does so every ten minutes. */
  sweep(): Promise<void>
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
    const until = new Date(at.getTime() + againMs)
    await db.write((sql) => postponeRequests(sql, { at, until }))
  }

  /** What nobody waits for any more, and what is over. */
  async function sweep() {
    const at = now()
    await db.write(async (sql) => {
      await sweepRequests(sql, new Date(at.getTime() - patienceMs))
      await sweepTokens(sql, at)
      await sweepProofs(sql, at)
      await sweepRates(sql, at)
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
    sweep,
    start: () => {
      const working = startWorker({ work: drain, everyMs, log, trouble: 'Requests wait' })
      const sweeping = setInterval(() => {
        sweep().catch((error: unknown) => log.warn('Old requests stay', error))
      }, sweepEveryMs)
      return {
        stop: async () => {
          clearInterval(sweeping)
          await working.stop()
        },
      }
    },
  }
}
