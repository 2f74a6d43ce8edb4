import type { Bus, BusEvent } from './bus.ts'
import { AppError } from './errors.ts'
import type { Log } from './log.ts'
import { pause } from './pause.ts'

export type LiveOptions = {
  readonly topics: readonly string[]
  /** Whom an event concerns. */
  readonly channelsOf: (event: BusEvent) => readonly string[]
  readonly log: Log
  /** How many events wait for one listener; beyond it only the newest of each entity does. */
  readonly waitingMax?: number
}

/**
 * Committed events for those who are looking, told once and kept for nobody: what a process reads on
 * the bus goes to all of its listeners, and nobody hears of what was rolled back.
 */
export type Live = {
  /**
   * The events of a channel from this call on, until the signal aborts. Throws UNAVAILABLE when the
   * service stops or the listener falls too far behind: whoever connects again reads the present.
   */
  listen(channel: string, signal: AbortSignal): AsyncIterable<BusEvent>
  /** Begins to read at the head of the bus. `stop` ends every listener. */
  follow(bus: Bus): Promise<{ stop(): Promise<void> }>
  /** Ends every listener, and every one that comes. */
  end(): void
}

const retryMs = 1_000

export function createLive({ topics, channelsOf, log, waitingMax = 64 }: LiveOptions): Live {
  const channels = new Map<string, Set<Listener>>()
  let isOver = false

  function add(channel: string, signal: AbortSignal): Listener {
    const listener = createListener(waitingMax)
    const listeners = channels.get(channel) ?? new Set()
    channels.set(channel, listeners.add(listener))
    const remove = () => {
      listener.end(null)
      listeners.delete(listener)
      if (listeners.size === 0 && channels.get(channel) === listeners) channels.delete(channel)
    }
    signal.addEventListener('abort', remove, { once: true })
    if (signal.aborted) remove()
    if (isOver) listener.end(stopping())
    return listener
  }

  const deliver = (event: BusEvent) => {
    for (const channel of channelsOf(event)) {
      for (const listener of channels.get(channel) ?? []) listener.hear(event)
    }
  }

  async function read(bus: Bus, start: number, signal: AbortSignal) {
    let after = start
    while (!signal.aborted) {
      try {
        for await (const event of bus.subscribe({ topics, after, signal })) {
          after = event.position
          deliver(event)
        }
      } catch (error) {
        log.warn('Live changes cannot be read; trying again', error)
        await pause(retryMs, signal)
      }
    }
  }

  const end = () => {
    isOver = true
    for (const listeners of channels.values()) {
      for (const listener of listeners) listener.end(stopping())
    }
  }

  return {
    listen: (channel, signal) => add(channel, signal).heard,
    follow: async (bus) => {
      const ending = new AbortController()
      const reading = read(bus, await bus.head(), ending.signal)
      return {
        stop: async () => {
          end()
          ending.abort()
          await reading
        },
      }
    },
    end,
  }
}

const stopping = () => new AppError('UNAVAILABLE', 'The service is stopping. Connect again.')
const tooSlow = () => new AppError('UNAVAILABLE', 'Too many changes are waiting. Connect again.')

type Listener = {
  hear(event: BusEvent): void
  /** Null: whoever listened has gone. What is waiting is still read before an error. */
  end(error: AppError | null): void
  readonly heard: AsyncIterable<BusEvent>
}

function createListener(waitingMax: number): Listener {
  const waiting: BusEvent[] = []
  let over: { readonly error: AppError | null } | null = null
  let bell = Promise.withResolvers<void>()

  const end = (error: AppError | null) => {
    over ??= { error }
    bell.resolve()
  }

  function hear(event: BusEvent) {
    if (over) return
    if (waiting.length >= waitingMax) {
      const older = waiting.findIndex(({ entityId }) => entityId === event.entityId)
      if (older < 0) return end(tooSlow())
      waiting.splice(older, 1)
    }
    waiting.push(event)
    bell.resolve()
  }

  async function* heard() {
    for (;;) {
      const event = waiting.shift()
      if (event) yield event
      else if (over?.error) throw over.error
      else if (over) return
      else {
        await bell.promise
        bell = Promise.withResolvers()
      }
    }
  }

  return { hear, end, heard: heard() }
}
