/** Lets one loop sleep until something happened. A ring before the sleep ends it at once: none is missed. */
export type Alarm = {
  ring(): void
  /** Resolves after a ring, after `ms`, or when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

export function createAlarm(): Alarm {
  let rung = false
  let wake = () => {}
  return {
    ring: () => {
      rung = true
      wake()
    },
    sleep: async (ms, signal) => {
      if (!rung && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
          signal.addEventListener('abort', wake, { once: true })
        })
        signal.removeEventListener('abort', wake)
        wake = () => {}
      }
      rung = false
    },
  }
}
