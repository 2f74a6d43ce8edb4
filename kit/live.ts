import type { Bus, BusEvent } from './bus.ts'
import { AppError } from './errors.ts'
import { eventsMissed, type Following } from './following.ts'
import { createListener, type Listener } from './listener.ts'
import type { Log } from './log.ts'
import { pause } from './pause.ts'

export type LiveOptions = {
  readonly topics: readonly string[]
  /** Whom an event concerns. */
  readonly channelsOf: (event: BusEvent) => readonly string[]
  readonly log: Log
  /** How many events wait for one listener; the bus keeps what does not fit. */
  readonly waitingMax?: number
  readonly now?: () => Date
}

/**
 * Committed events for those who are looking: what a process reads on the bus goes to all of its
 * listeners, and nobody hears of what was rolled back.
 */
export type Live = {
  /**
   * The events of a channel until the signal aborts, each once and in order: those after
   * `following.after`, or else from this call on. Who reads slowly misses nothing. Throws
   * EVENTS_MISSED when the first of those to come is older than five minutes, and UNAVAILABLE when
   * the service stops: the stream goes on elsewhere from the last id that it told.
   */
  listen(channel: string, following: Following): AsyncIterable<BusEvent>
  /** Begins to read at the head of the bus. `stop` ends every listener. */
  follow(bus: Bus): Promise<{ stop(): Promise<void> }>
  /** Ends every listener, and every one that comes. */
  end(): void
}

const retryMs = 1_000
const pageSize = 200
/** Five minutes, and what it takes to find out that a line is dead. */
const windowMs = 330_000

export function createLive(options: LiveOptions): Live {
  const { topics, channelsOf, log, waitingMax = 64, now = () => new Date() } = options
  const channels = new Map<string, Set<Listener>>()
  const reading: Reading = { bus: null, at: null, topics, channelsOf, now }
  let isOver = false

  function add(channel: string, signal: AbortSignal): Listener {
    const listener = createListener(waitingMax, reading.at)
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
  const all = () => [...channels.values()].flatMap((listeners) => [...listeners])

  const deliver = (event: BusEvent) => {
    for (const channel of channelsOf(event)) {
      for (const listener of channels.get(channel) ?? []) listener.hear(event)
    }
    reading.at = event.position
  }

  async function read(bus: Bus, signal: AbortSignal) {
    while (!signal.aborted) {
      try {
        const after = reading.at ?? 0
        for await (const event of bus.subscribe({ topics, after, signal })) deliver(event)
      } catch (error) {
        log.warn('Live changes cannot be read; trying again', error)
        await pause(retryMs, signal)
      }
    }
  }

  const end = () => {
    isOver = true
    for (const listener of all()) listener.end(stopping())
  }

  return {
    listen: (channel, following) =>
      heard({ reading, channel, following, listener: add(channel, following.signal) }),
    follow: async (bus) => {
      const ending = new AbortController()
      const head = await bus.head()
      Object.assign(reading, { bus, at: head })
      for (const listener of all()) listener.begin(head)
      const done = read(bus, ending.signal)
      return {
        stop: async () => {
          end()
          ending.abort()
          await done
        },
      }
    },
    end,
  }
}

const stopping = () => new AppError('UNAVAILABLE', 'The service is stopping. Connect again.')

const unreadable = (cause: unknown) => {
  throw new AppError('UNAVAILABLE', 'Changes cannot be read now. Connect again.', { cause })
}

type Reading = Pick<LiveOptions, 'topics' | 'channelsOf'> & {
  readonly now: () => Date
  bus: Bus | null
  /** What every listener has heard of; null before the reading begins. */
  at: number | null
}

type Hearing = {
  readonly reading: Reading
  readonly channel: string
  readonly following: Following
  readonly listener: Listener
}

/** Whoever calls is listening from now on, and not only from the first event on. */
function heard(hearing: Hearing): AsyncIterable<BusEvent> {
  const { following, listener } = hearing
  following.hold(listener.from())
  return inOrder(hearing)
}

async function* inOrder(hearing: Hearing): AsyncGenerator<BusEvent, void> {
  const { reading, following, listener } = hearing
  const { place, after } = following
  await listener.begun
  let position = after?.position ?? listener.from()
  if (after) await requireKept(reading, position)
  // What concerns others alone is as good as told.
  const told = () => (listener.isIdle() ? Math.max(position, reading.at ?? 0) : position)
  place.reach(() => following.idOf(told()))
  const inHand = (event: BusEvent) => {
    following.hold(event.position)
    return event
  }
  for (;;) {
    // What the listener has not heard, and never will.
    while (position < listener.from()) {
      const page = await pageAfter(hearing, position)
      for (const event of page.events) {
        yield inHand(event)
        position = event.position
      }
      position = page.upTo
    }
    const event = await listener.next()
    if (event === 'gone') return
    if (event === null || event.position <= position) continue
    yield inHand(event)
    position = event.position
  }
}

/** The next events of a channel, and up to where they are all. */
async function pageAfter({ reading, channel, listener }: Hearing, after: number) {
  const { bus, topics, channelsOf } = reading
  const upTo = listener.from()
  const page = (await bus?.past({ topics, after, upTo, limit: pageSize }).catch(unreadable)) ?? []
  return {
    events: page.filter((event) => channelsOf(event).includes(channel)),
    upTo: page.length < pageSize ? upTo : (page.at(-1)?.position ?? upTo),
  }
}

/** Throws EVENTS_MISSED for a position that the bus has not reached, and for one of long ago. */
async function requireKept({ bus, at, topics, now }: Reading, after: number) {
  if (!bus || at === null) return
  const head = after > at ? await bus.head().catch(unreadable) : at
  if (after > head) throw eventsMissed()
  const [first] = await bus.past({ topics, after, upTo: head, limit: 1 }).catch(unreadable)
  if (first && now().getTime() - first.at.getTime() > windowMs) throw eventsMissed()
}
