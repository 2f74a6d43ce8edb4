import type { Bus, BusEvent } from '#kit/bus'
import type { Log } from '#kit/log'
import { pause } from '#kit/pause'
import { endedBy, topics } from './topics.ts'

export type Followed = {
  /** True while it may be that something was changed and nobody here has heard of it. */
  isDeaf(): boolean
  /** Waits a moment for the bus, and goes on without it. */
  start(): Promise<void>
  stop(): Promise<void>
}

type FollowDeps = {
  readonly openBus: () => Promise<Bus>
  readonly drop: (tags: readonly string[]) => void
  readonly clear: () => void
  readonly log: Pick<Log, 'warn' | 'info'>
  readonly nowMs: () => number
  readonly beatMs?: number
}

/** The bus is asked so often whether it is there. */
const beatUsualMs = 1_000
/** Whoever starts waits so long at most. */
const startMs = 2_000
/** After so many beats without an answer nothing is taken to be true any more. */
const beatsMissed = 2
/** A reader that was cut off has read what it missed by then: it looks as often as this. */
const beatsToRecover = 3
/** The shortest time for which anything is kept: an event that took longer came too late for some. */
const lagMaxMs = 5_000

/**
 * Ends what is kept as events tell that it is not true any more. While the bus is away, and until it
 * is certain that nothing of it was missed, it is deaf: nothing is kept, nor given.
 */
export function followChanges(deps: FollowDeps): Followed {
  const { drop, clear, log, nowMs, beatMs = beatUsualMs } = deps
  const ending = new AbortController()
  const later = new Set<ReturnType<typeof setTimeout>>()
  let running: Promise<unknown> = Promise.resolve()
  let bus: Bus | null = null
  let isDeaf = true
  const become = (deaf: boolean) => {
    if (isDeaf === deaf) return
    isDeaf = deaf
    clear()
    if (deaf) log.warn('Changes cannot be followed: nothing is kept until they can')
    else log.info('Changes are followed: answers are kept')
  }
  const dropAgain = (tags: readonly string[], ms: number) => {
    const timer = setTimeout(() => {
      later.delete(timer)
      drop(tags)
    }, ms)
    later.add(timer)
  }
  const hear = (event: BusEvent) => {
    const { tags, againMs } = endedBy(event)
    if (nowMs() - event.at.getTime() > lagMaxMs) clear()
    else drop(tags)
    if (againMs !== null) dropAgain(tags, againMs)
  }
  const { signal } = ending
  const open = async () => {
    bus ??= await deps.openBus()
    return { bus, after: await bus.head() }
  }
  const follow = async (opened: () => void) => {
    while (!signal.aborted) {
      try {
        const { bus, after } = await open()
        become(false)
        opened()
        const reading = read(bus, { after, signal, hear, log, beatMs })
        return await Promise.all([reading, watch(bus, { signal, become, beatMs })])
      } catch (error) {
        log.warn('Changes cannot be followed yet; trying again', error)
        await pause(beatMs, signal)
      }
    }
    return null
  }
  return {
    isDeaf: () => isDeaf,
    start: async () => {
      const opened = Promise.withResolvers<void>()
      running = follow(opened.resolve)
      await Promise.race([opened.promise, pause(startMs, signal)])
    },
    stop: async () => {
      ending.abort()
      for (const timer of later) clearTimeout(timer)
      await running
      await bus?.stop()
    },
  }
}

type Reading = {
  readonly after: number
  readonly signal: AbortSignal
  readonly hear: (event: BusEvent) => void
  readonly log: Pick<Log, 'warn'>
  readonly beatMs: number
}

async function read(bus: Bus, { signal, hear, log, beatMs, ...from }: Reading): Promise<void> {
  let { after } = from
  while (!signal.aborted) {
    try {
      for await (const event of bus.subscribe({ topics, after, signal })) {
        after = event.position
        hear(event)
      }
    } catch (error) {
      log.warn('Changes cannot be read; trying again', error)
      await pause(beatMs, signal)
    }
  }
}

type Watching = {
  readonly signal: AbortSignal
  readonly become: (deaf: boolean) => void
  readonly beatMs: number
}

async function watch(bus: Bus, { signal, become, beatMs }: Watching): Promise<void> {
  let missed = 0
  let heard = 0
  while (!signal.aborted) {
    await pause(beatMs, signal)
    if (await answers(bus, beatMs)) {
      heard += 1
      missed = 0
    } else {
      missed += 1
      heard = 0
    }
    if (signal.aborted) return
    if (missed >= beatsMissed) become(true)
    else if (heard >= beatsToRecover) become(false)
  }
}

/** False also for an answer that does not come in time. */
async function answers(bus: Bus, withinMs: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => late.resolve(false), withinMs)
  const asked = bus.head().then(
    () => true,
    () => false,
  )
  try {
    return await Promise.race([asked, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
