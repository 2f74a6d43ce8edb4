import type { BusEvent } from './bus.ts'
import type { AppError } from './errors.ts'

/** What waits for one who listens; never more than a bound. */
export type Listener = {
  hear(event: BusEvent): void
  /** Everything above is heard; what lies below has to be read from the bus. */
  from(): number
  /** The reading of the bus has begun here. */
  begin(position: number): void
  /** Null: whoever listened has gone. What is waiting is still heard before an error. */
  end(error: AppError | null): void
  /** True while nothing waits and nothing has been left out. */
  isIdle(): boolean
  /** Resolves once there is a position to listen from. */
  readonly begun: Promise<void>
  /**
   * The next event; null when some have been left out, and 'gone' when nobody listens any more.
   * Throws what the listening was ended with.
   */
  next(): Promise<BusEvent | null | 'gone'>
}

export function createListener(waitingMax: number, start: number | null): Listener {
  const waiting: BusEvent[] = []
  const begun = Promise.withResolvers<void>()
  let from = start
  let over: { readonly error: AppError | null } | null = null
  let bell = Promise.withResolvers<void>()
  let isIdle = false
  let isBehind = false
  if (start !== null) begun.resolve()

  const ring = () => {
    isIdle = false
    bell.resolve()
  }

  async function next() {
    for (;;) {
      if (over && !over.error) return 'gone'
      if (isBehind) {
        isBehind = false
        return null
      }
      const event = waiting.shift()
      if (event) return event
      if (over?.error) throw over.error
      isIdle = true
      await bell.promise
      bell = Promise.withResolvers()
    }
  }

  return {
    hear: (event) => {
      if (over) return
      if (waiting.length < waitingMax) waiting.push(event)
      else {
        waiting.length = 0
        from = event.position
        isBehind = true
      }
      ring()
    },
    from: () => from ?? 0,
    begin: (position) => {
      from ??= position
      begun.resolve()
    },
    end: (error) => {
      over ??= { error }
      begun.resolve()
      ring()
    },
    isIdle: () => isIdle,
    begun: begun.promise,
    next,
  }
}
