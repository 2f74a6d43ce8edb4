import type { Bus, BusEvent, OutboxEvent } from '../bus.ts'

/** A stream of events in memory, which several services may share. */
export function memoryStream() {
  const kept: BusEvent[] = []
  const known = new Set<string>()
  const wakes = new Set<() => void>()

  async function* subscribe(after: number, topics: readonly string[], signal: AbortSignal) {
    let index = kept.findIndex(({ position }) => position > after)
    if (index < 0) index = kept.length
    while (!signal.aborted) {
      const event = kept[index]
      if (event) {
        index += 1
        if (topics.includes(event.topic)) yield event
        continue
      }
      const { promise, resolve } = Promise.withResolvers<void>()
      wakes.add(resolve)
      signal.addEventListener('abort', () => resolve(), { once: true })
      await promise
      wakes.delete(resolve)
    }
  }

  const publish = (events: readonly OutboxEvent[], source: string) => {
    for (const event of events) {
      if (known.has(event.id)) continue
      known.add(event.id)
      kept.push({ ...event, source, position: kept.length + 1 })
    }
    for (const wake of wakes) wake()
  }

  return (source: string): Bus => ({
    publish: async (events) => publish(events, source),
    subscribe: ({ after, topics, signal }) => subscribe(after, topics, signal),
    past: async ({ topics, after, upTo, limit }) =>
      kept
        .slice(after, upTo)
        .filter(({ topic }) => topics.includes(topic))
        .slice(0, limit),
    head: async () => kept.length,
    stop: async () => {},
  })
}
