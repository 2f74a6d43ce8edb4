import type { BreakerSettings } from './settings.ts'

export type BreakerState = 'closed' | 'half-open' | 'open'

/** What came of one request; exactly one of these is called. */
export type Pass = {
  succeeded(): void
  failed(): void
  /** It says nothing about the subgraph: the caller left, or its own request was at fault. */
  unknown(): void
}

export type Breaker = {
  readonly state: BreakerState
  /** Null while the subgraph is not to be asked. */
  enter(): Pass | null
}

export type BreakerDeps = {
  readonly settings: BreakerSettings
  readonly nowMs: () => number
  readonly changed: (state: BreakerState) => void
}

/**
 * Opens when too many requests fail. After a while one request at a time may try again: its success
 * closes the breaker, its failure opens it for as long again.
 */
export function createBreaker({ settings, nowMs, changed }: BreakerDeps): Breaker {
  const recent = createTally(settings, nowMs)
  let state: BreakerState = 'closed'
  let openUntilMs = 0
  let isProbed = false
  const turn = (next: BreakerState) => {
    if (state === next) return
    state = next
    changed(next)
  }
  const open = () => {
    isProbed = false
    openUntilMs = nowMs() + settings.openMs
    turn('open')
  }
  const close = () => {
    isProbed = false
    recent.clear()
    turn('closed')
  }
  const probe: Pass = {
    succeeded: close,
    failed: open,
    unknown: () => {
      isProbed = false
    },
  }
  // What began before it opened says nothing about how the subgraph is now.
  const whileClosed: Pass = {
    succeeded: () => {
      if (state === 'closed') recent.add({ hasFailed: false })
    },
    failed: () => {
      if (state !== 'closed') return
      recent.add({ hasFailed: true })
      if (recent.isBad()) open()
    },
    unknown: () => {},
  }
  return {
    get state() {
      return state
    },
    enter: () => {
      if (state === 'closed') return whileClosed
      if (isProbed || nowMs() < openUntilMs) return null
      isProbed = true
      turn('half-open')
      return probe
    },
  }
}

/** Counts by windows: the running one and the one before it are what is recent. */
function createTally(
  { failureRatio, requestsMin, windowMs }: BreakerSettings,
  nowMs: () => number,
) {
  const nothing = { requests: 0, failures: 0 }
  let before = { ...nothing }
  let running = { ...nothing }
  let endsAtMs = nowMs() + windowMs
  const clear = () => {
    before = { ...nothing }
    running = { ...nothing }
  }
  const turnWindow = () => {
    const lateMs = nowMs() - endsAtMs
    if (lateMs < 0) return
    before = lateMs < windowMs ? running : { ...nothing }
    running = { ...nothing }
    endsAtMs = nowMs() + windowMs
  }
  return {
    clear,
    add: ({ hasFailed }: { hasFailed: boolean }) => {
      turnWindow()
      running.requests += 1
      if (hasFailed) running.failures += 1
    },
    isBad: () => {
      const requests = before.requests + running.requests
      const failures = before.failures + running.failures
      return requests >= requestsMin && failures >= requests * failureRatio
    },
  }
}
