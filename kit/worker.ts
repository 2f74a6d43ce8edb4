import type { Log } from './log.ts'
import { pause } from './pause.ts'

type WorkerOptions = {
  /** Does one piece of what is due; false when there is nothing more for now. */
  readonly work: (stopping: AbortSignal) => Promise<boolean>
  readonly everyMs: number
  readonly log: Log
  /** What the log says when a piece fails for a reason that the piece does not know. */
  readonly trouble: string
}

/** Does what is due, piece by piece, and looks again after a while. `stop` waits for the piece in hand. */
export function startWorker({ work, everyMs, log, trouble }: WorkerOptions) {
  const stopping = new AbortController()
  const run = async () => {
    while (!stopping.signal.aborted) {
      const isMore = await work(stopping.signal).catch((error: unknown) => {
        log.warn(trouble, error)
        return false
      })
      if (!isMore) await pause(everyMs, stopping.signal)
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
