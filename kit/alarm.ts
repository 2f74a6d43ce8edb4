import { pause } from './pause.ts'

/**
 * Lets one loop sleep until something happened. A ring before the sleep ends it at once: none is
 * missed.
 */
export type Alarm = {
  ring(): void
  /** Resolves after a ring, after `ms`, or when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

export function createAlarm(): Alarm {
  let bell = new AbortController()
  return {
    ring: () => bell.abort(),
    sleep: async (ms, signal) => {
      await pause(ms, AbortSignal.any([bell.signal, signal]))
      bell = new AbortController()
    },
  }
}
