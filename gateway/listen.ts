import type { Log } from '#kit/log'
import type { Pool } from '#kit/postgres'

export type Listening = {
  start(): Promise<void>
  stop(): Promise<void>
}

type ListenDeps = {
  readonly sql: Pick<Pool, 'listen'>
  readonly log: Log
  readonly channel: string
  readonly onTold: (payload: string) => void
  /** Also after a lost connection, when notifications may have been missed. */
  readonly onConnected: () => void
}

const againMs = 1_000

/** The driver reconnects a connection that was there once; this takes care of the first one. */
export function listening({ sql, log, channel, onTold, onConnected }: ListenDeps): Listening {
  let timer: ReturnType<typeof setTimeout> | undefined
  let unlisten: (() => Promise<void>) | undefined
  let stopped = false
  const start = async (): Promise<void> => {
    try {
      const listener = await sql.listen(channel, onTold, onConnected)
      unlisten = listener.unlisten
    } catch (error) {
      log.warn(`cannot listen on ${channel} yet`, error)
      if (!stopped) timer = setTimeout(start, againMs)
    }
  }
  return {
    start,
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await unlisten?.().catch(() => {})
    },
  }
}
