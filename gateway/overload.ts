import { AppError, errorResponse } from '#kit/errors'
import type { Metrics } from '#kit/metrics'
import { type Gate, requestIdFrom } from '#kit/serve'

export type OverloadSettings = {
  /** Requests that are answered at a time, however idle the process is. */
  readonly concurrencyMax: number
  /** And however busy: fewer would leave it idle while they wait for others. */
  readonly concurrencyMin: number
  /** How late a timer may come before the process counts as busy. */
  readonly lagMs: number
}

export type Limiter = {
  /** True when there is room; whoever came in leaves. */
  enter(): boolean
  leave(): void
  /** Told twenty times a second whether the process has as much to do as it can. */
  sampled(isBusy: boolean): void
  readonly limit: number
  readonly inFlight: number
}

const lessBy = 0.8
const moreBy = 0.1
/** Times as many as were in lately: a flood after a quiet time must not find every door open. */
const roomFor = 2

/**
 * A process that is busy answers no more requests by having more of them at a time: each only takes
 * longer. So while it is busy, fewer may be in than were; while it is not, a tenth more each time that
 * all places were taken. Places that nobody takes are taken away again.
 */
export function createLimiter(settings: Omit<OverloadSettings, 'lagMs'>): Limiter {
  const { concurrencyMax, concurrencyMin } = settings
  let limit = concurrencyMin
  let inFlight = 0
  let peak = 0
  const fewer = (than: number) => {
    limit = Math.max(concurrencyMin, Math.floor(than * lessBy))
  }
  return {
    enter: () => {
      if (inFlight >= limit) {
        peak = Math.max(peak, limit)
        return false
      }
      inFlight += 1
      peak = Math.max(peak, inFlight)
      return true
    },
    leave: () => {
      inFlight -= 1
    },
    sampled: (isBusy) => {
      const most = peak
      peak = inFlight
      if (isBusy) fewer(Math.min(limit, most))
      else if (most >= limit) limit = Math.min(concurrencyMax, limit + Math.ceil(limit * moreBy))
      else if (most * roomFor < limit) fewer(limit)
    },
    get limit() {
      return limit
    },
    get inFlight() {
      return inFlight
    },
  }
}

const sampleEveryMs = 50
/** Of one processor: the rest is what the process waits for. */
const busyShare = 0.9

export type Overload = Gate & {
  start(): void
  stop(): void
}

type OverloadDeps = {
  readonly settings: OverloadSettings
  readonly metrics: Pick<Metrics, 'gauge' | 'counter'>
}

/** What is more than this process can answer in time is refused, with 503 and when to come back. */
export function createOverload({ settings, metrics }: OverloadDeps): Overload {
  const limiter = createLimiter(settings)
  metrics.gauge({
    name: 'http_concurrency_limit',
    help: 'How many requests may be answered at a time, as busy as this process is.',
    read: () => limiter.limit,
  })
  const refused = metrics.counter({
    name: 'http_overload_refusals_total',
    help: 'Requests that were refused because this process had enough to do.',
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  const wait = () => {
    const startedAt = performance.now()
    const before = process.cpuUsage()
    timer = setTimeout(() => {
      const tookMs = performance.now() - startedAt
      const { user, system } = process.cpuUsage(before)
      const isLate = tookMs - sampleEveryMs > settings.lagMs
      limiter.sampled(isLate || (user + system) / 1_000 > tookMs * busyShare)
      wait()
    }, sampleEveryMs)
    timer.unref()
  }
  return {
    enter: ({ headers }) => {
      if (limiter.enter()) return null
      refused()
      return errorResponse(busy, requestIdFrom(headers))
    },
    leave: limiter.leave,
    start: wait,
    stop: () => clearTimeout(timer),
  }
}

const busy = new AppError('UNAVAILABLE', 'There is too much to do at the moment. Try again.')
