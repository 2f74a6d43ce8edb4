import type { Log } from '#kit/log'
import type { Pool } from '#kit/postgres'

export type SessionChannel = {
  /** Goes on by itself when PostgreSQL comes back. */
  start(): Promise<void>
  stop(): Promise<void>
  /** Everything that was told before this instant has arrived, in milliseconds since 1970. */
  heardUntil(): number
}

export type SessionChannelDeps = {
  readonly sql: Pick<Pool, 'listen' | 'notify'>
  readonly now: () => Date
  readonly log: Log
  readonly onRevoked: (id: string) => void
  /** Its roles, its level, or for whom it acts. */
  readonly onChanged: (id: string) => void
  /** The line is new: what was told before may have been missed. */
  readonly onConnected: () => void
  /** Nothing is sent while nobody relies on what is heard. */
  readonly isNeeded: () => boolean
}

const channel = 'web_session'
const beatEveryMs = 300
const listenAgainMs = 1_000

/**
 * What every instance is told of sessions. PostgreSQL delivers notifications in the order of their
 * commits: once our own heartbeat is back, nothing that was told before it is missing. Source:
 * PostgreSQL, NOTIFY.
 */
export function sessionChannel(deps: SessionChannelDeps): SessionChannel {
  const { sql, now, log, onConnected, isNeeded } = deps
  const own = crypto.randomUUID()
  let heardUntil = 0
  let again: ReturnType<typeof setTimeout> | undefined
  let beating: ReturnType<typeof setInterval> | undefined
  let unlisten: (() => Promise<void>) | undefined
  let stopped = false

  const hear = (text: string) => {
    const [what, id = '', sentAt = ''] = text.split(' ')
    if (what === 'revoked') deps.onRevoked(id)
    if (what === 'changed') deps.onChanged(id)
    if (what === 'beat' && id === own) heardUntil = Number(sentAt)
  }
  const connected = () => {
    heardUntil = 0
    onConnected()
  }
  const beat = () => {
    if (!isNeeded()) return
    // Whoever hears nothing relies on nothing: a beat that is not sent needs no further care.
    sql.notify(channel, `beat ${own} ${now().getTime()}`).catch(() => {})
  }
  const listen = async (): Promise<void> => {
    try {
      const listener = await sql.listen(channel, hear, connected)
      unlisten = listener.unlisten
    } catch (error) {
      log.warn('cannot listen for ended sessions yet', error)
      if (!stopped) again = setTimeout(listen, listenAgainMs)
    }
  }
  return {
    start: async () => {
      beating = setInterval(beat, beatEveryMs)
      await listen()
    },
    stop: async () => {
      stopped = true
      clearTimeout(again)
      clearInterval(beating)
      await unlisten?.().catch(() => {})
    },
    heardUntil: () => heardUntil,
  }
}
