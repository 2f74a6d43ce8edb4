import { GraphQLError } from 'graphql'
import type { Log } from '#kit/log'
import type { ErrorCode } from '#schema/errors'
import type { Exchange } from '../exchange.ts'
import type { Account, Ledger, Standing } from './account.ts'
import { type Drawn, levelOf, type RateBuckets } from './bucket.ts'
import { createExactLedger } from './exact-ledger.ts'
import { createLeasedLedger } from './leased-ledger.ts'
import { type QuotaLimits, quotaDefaults } from './quota-limits.ts'
import { createSharedCount } from './shared-count.ts'
import { type Spender, spenderOf } from './spender.ts'

/** What was drawn for one operation. */
export type Drawing = {
  /** What it turned out to cost: the difference is given back, or drawn as well. Counts once. */
  settle(actual: number): void
}

/**
 * Draws what an operation is estimated to cost, before it runs; throws RATE_LIMITED when its caller
 * does not have it. Null for whoever is not counted.
 */
export type Quota = (exchange: Exchange, points: number) => Promise<Drawing | null>

export type QuotaDeps = {
  readonly buckets: RateBuckets
  /** The OAuth client that the platform's own pages sign in with: its people are no program. */
  readonly webClientId: string
  readonly log: Log
  readonly now: () => Date
  readonly limits?: QuotaLimits
  /** How long the shared count may take; then each instance counts for itself. */
  readonly patienceMs?: number
}

/** Whatever it costs, an operation is one point at least. */
const wholePoints = (cost: number) => Math.max(1, Math.ceil(cost))

/** Limits in cost points, of programs and of people, over all instances. */
export function createQuota({ buckets, webClientId, log, ...deps }: QuotaDeps): Quota {
  const { now, limits = quotaDefaults, patienceMs } = deps
  const shared = createSharedCount({ buckets, log, patienceMs })
  const exact = createExactLedger({ shared, now })
  const leased = createLeasedLedger({ shared, now })
  const running = createRunning()
  return async (exchange, cost) => {
    const points = wholePoints(cost)
    const spender = spenderOf(exchange, limits, webClientId)
    const { client, other } = spender
    if (!client && !other) return null
    const teller = { exchange, points, now }
    const leave = running.enter(spender)
    try {
      if (other) await drawn(leased, other, { ...teller, policy: policyOf(other) })
      if (client) await drawnByClient({ exact, leased }, spender, teller)
    } catch (error) {
      leave()
      throw error
    }
    return drawing({ exact, leased }, spender, { ...teller, leave })
  }
}

type Ledgers = { readonly exact: Ledger; readonly leased: Ledger }
type Teller = { readonly exchange: Exchange; readonly points: number; readonly now: () => Date }
type Policy = 'client' | 'person' | 'address'

const policyOf = ({ key }: Account): Policy => (key.startsWith('person:') ? 'person' : 'address')

/** Throws RATE_LIMITED, with how the account stands in the answer's headers. */
async function drawn(ledger: Ledger, account: Account, teller: Teller & { policy: Policy }) {
  const standing = ledger.draw(account, teller.points)
  const { isTaken, fullAt } = standing instanceof Promise ? await standing : standing
  if (isTaken) return { fullAt }
  tellStanding(account, { fullAt }, teller)
  const draw = { points: teller.points, limit: account.limit, now: teller.now() }
  throw refusal(teller.policy, account, levelOf({ fullAt }, draw).secondsToEnough)
}

/** What the program may not spend, nobody spends for it. */
async function drawnByClient({ exact, leased }: Ledgers, spender: Spender, teller: Teller) {
  const { client, other } = spender
  if (!client) return
  try {
    const standing = await drawn(exact, client, { ...teller, policy: 'client' })
    tellStanding(client, standing, { ...teller, policy: 'client' })
  } catch (error) {
    if (other) leased.correct(other, -teller.points)
    throw error
  }
}

function drawing(ledgers: Ledgers, { client, other }: Spender, teller: Teller & Leaving): Drawing {
  let isSettled = false
  return {
    settle: (actual) => {
      if (isSettled) return
      isSettled = true
      teller.leave()
      const points = wholePoints(actual) - teller.points
      if (points === 0) return
      if (other) ledgers.leased.correct(other, points)
      if (client)
        tellStanding(client, ledgers.exact.correct(client, points), { ...teller, policy: 'client' })
    },
  }
}

type Leaving = { readonly leave: () => void }

/** Source: draft-ietf-httpapi-ratelimit-headers-10, sections 3 and 4. */
function tellStanding(
  { limit }: Account,
  { fullAt }: Pick<Standing | Drawn, 'fullAt'>,
  { exchange, points, now, policy }: Teller & { policy: Policy },
) {
  const { responseHeaders: headers } = exchange
  const { left, secondsToFull } = levelOf({ fullAt }, { points, limit, now: now() })
  const seconds = Math.ceil((limit.burst * 60) / limit.perMinute)
  headers.set('ratelimit-policy', `"${policy}";q=${limit.burst};qu="points";w=${seconds}`)
  headers.set('ratelimit', `"${policy}";r=${left};t=${secondsToFull}`)
}

/** How many operations of each client are being answered here. */
function createRunning() {
  const counts = new Map<string, number>()
  const add = (key: string, by: 1 | -1) => {
    const count = (counts.get(key) ?? 0) + by
    if (count === 0) counts.delete(key)
    else counts.set(key, count)
  }
  return {
    /** Throws RATE_LIMITED; whoever came in leaves once. */
    enter: ({ client, concurrency }: Spender): (() => void) => {
      if (!client || !Number.isFinite(concurrency)) return () => {}
      const { key } = client
      if ((counts.get(key) ?? 0) >= concurrency)
        throw rateLimited(`This program may run ${concurrency} operations at a time.`, 1)
      add(key, 1)
      let isIn = true
      return () => {
        if (isIn) add(key, -1)
        isIn = false
      }
    },
  }
}

const spenders: Readonly<Record<Policy, string>> = {
  client: 'This program',
  person: 'You',
  address: 'Your network',
}

const refusal = (policy: Policy, { limit }: Account, seconds: number) =>
  rateLimited(
    `${spenders[policy]} may spend ${limit.perMinute} points a minute. Wait ${seconds} s.`,
    seconds,
  )

const rateLimited = (message: string, seconds: number) =>
  new GraphQLError(message, {
    extensions: {
      code: 'RATE_LIMITED' satisfies ErrorCode,
      http: { headers: { 'retry-after': String(seconds) } },
    },
  })
