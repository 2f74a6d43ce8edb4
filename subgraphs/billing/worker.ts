import { createAlarm } from '#kit/alarm'
import type { Log } from '#kit/log'

type Options = {
  readonly name: string
  /** Does one piece of what is due; false when nothing was. */
  readonly work: () => Promise<boolean>
  readonly everyMs: number
  readonly log: Log
}

/** Does what is due, piece by piece, and looks again after a while. `stop` waits for the piece in hand. */
export function startWorker({ name, work, everyMs, log }: Options) {
  const stopping = new AbortController()
  const alarm = createAlarm()
  const run = async () => {
    while (!stopping.signal.aborted) {
      const isMore = await work().catch((error: unknown) => {
        log.warn(`${name} cannot go on yet; trying again`, error)
        return false
      })
      if (!isMore) await alarm.sleep(everyMs, stopping.signal)
    }
  }
  const running = run()
  return {
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

const firstPauseMs = 5_000
const longestPauseMs = 3_600_000

/** When a piece that has been tried so often is tried again: the pause doubles, up to an hour. */
export const nextTry = (now: Date, tries: number) =>
  new Date(now.getTime() + Math.min(firstPauseMs * 2 ** tries, longestPauseMs))
