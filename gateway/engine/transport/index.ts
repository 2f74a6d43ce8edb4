import type { Log } from '#kit/log'
import { span } from '#kit/trace'
import { type Breaker, type BreakerState, createBreaker } from './breaker.ts'
import { createBudget } from './budget.ts'
import type { Credentials } from './credentials.ts'
import { guarded } from './guarded.ts'
import { hedged } from './hedge.ts'
import { createLimiter, type Limiter } from './limiter.ts'
import { retried } from './retry.ts'
import { defaultSettings, type TransportSettings } from './settings.ts'
import { shared } from './sharing.ts'
import { toldTo } from './told.ts'
import { type HttpWay, httpAsk } from './transport.http.ts'
import { type LocalWay, localAsk } from './transport.local.ts'
import type { Ask, Transport } from './transport.ts'

/** A subgraph, and whether it is across the network or in this process. */
export type Target = { readonly name: string } & (HttpWay | LocalWay)

export type TransportDeps = {
  readonly credentials: Credentials
  readonly log: Log
  /** What differs from `defaultSettings`. */
  readonly settings?: Partial<TransportSettings>
  readonly now?: () => Date
  /** From 0 to less than 1. */
  readonly random?: () => number
  readonly observer?: TransportObserver
}

/** What a layer did beyond handing a request on. */
export type Protection = 'shared' | 'retried' | 'hedged'

/** Learns what the layers do. */
export type TransportObserver = {
  opened(subgraph: string, gauges: TransportGauges): void
  did(subgraph: string, what: Protection): void
}

export type TransportGauges = {
  readonly limiter: Pick<Limiter, 'inFlight' | 'waiting'>
  readonly breaker: Pick<Breaker, 'state'> | null
}

/** The way to a subgraph, with everything that protects both sides of it. */
export function transportTo(target: Target, deps: TransportDeps): Transport {
  const { name } = target
  const { random = Math.random, now = () => new Date(), observer } = deps
  const settings = { ...defaultSettings, ...deps.settings }
  const { breaker: breakerSettings, hedgeMs, sharing } = settings
  const nowMs = () => now().getTime()
  const limiter = createLimiter(settings)
  const budget = createBudget(settings.retryBudget)
  const breaker = breakerSettings
    ? createBreaker({ settings: breakerSettings, nowMs, changed: (to) => tell(deps.log, name, to) })
    : null
  observer?.opened(name, { limiter, breaker })
  const did = (what: Protection) => () => observer?.did(name, what)

  // From the inside out: each layer asks the one before it.
  let ask = traced(name, baseOf(target, deps.credentials, settings))
  // Only so many at once, and none, also none in the queue, while it fails; …
  ask = guarded(ask, { limiter, breaker, patienceMs: breakerSettings?.patienceMs ?? 0, nowMs })
  // … a second one beside a slow one; …
  if (hedgeMs !== null) ask = hedged(ask, { afterMs: hedgeMs, budget, hedged: did('hedged') })
  // … another one after one that failed; …
  ask = retried(ask, { settings, budget, random, retried: did('retried') })
  // … and one for all who ask the same at the same time.
  if (sharing) ask = shared(ask, did('shared'))
  return toldTo(ask, { ...deps, name })
}

function baseOf(target: Target, { areOurs }: Credentials, settings: TransportSettings): Ask {
  const { name } = target
  const { answerBytesMax } = settings
  const reading = { answerBytesMax, credentialsAreOurs: areOurs }
  return 'url' in target ? httpAsk(target, reading) : localAsk(target, { name, ...reading })
}

/** One span for each request that is sent. */
const traced =
  (name: string, ask: Ask): Ask =>
  (attempt) =>
    span(`subgraph ${name}`, {}, () => ask(attempt))

const breakerLines: Record<BreakerState, string> = {
  open: 'is not asked for now: it failed too often',
  'half-open': 'is asked once, to see whether it answers',
  closed: 'answers again',
}

const tell = (log: Log, name: string, state: BreakerState) =>
  log.warn(`Subgraph ${name} ${breakerLines[state]}`)
