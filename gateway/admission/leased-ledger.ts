import { createLru } from '../lru.ts'
import type { Account, Ledger, Standing } from './account.ts'
import { drawFrom } from './bucket.ts'
import type { SharedCount } from './shared-count.ts'

type LedgerDeps = { readonly shared: SharedCount; readonly now: () => Date }

type Known = {
  fullAt: number | null
  /** Points that other instances have not been told of. */
  untold: number
  countedSince: number
  telling: Promise<void> | null
}

const bounds = { entriesMax: 50_000, bytesMax: 50_000 }

/** The share of a bucket that an instance lets through before it tells the others. */
const leaseShare = 0.05

/** What is less than this share in five seconds nobody needs to be told of. */
const negligibleShare = 0.005
const tellEveryMs = 5_000

/**
 * Counts here, at once, and tells the others later: in the background as soon as a twentieth of the
 * bucket is untold, and every five seconds what is worth telling. Whoever comes when another
 * twentieth is gone meanwhile waits until they are told. So each instance lets through at most a
 * tenth of a bucket that the others do not know of yet; it is drawn from the shared count then, as a
 * debt if need be. What is so little that it is never told is 6 % of a minute's limit at most, for
 * each instance.
 */
export function createLeasedLedger({ shared, now }: LedgerDeps): Ledger {
  const all = createLru<string, Known>(bounds)
  const knownOf = (key: string): Known => {
    const known = all.get(key)
    if (known) return known
    const fresh = { fullAt: null, untold: 0, countedSince: now().getTime(), telling: null }
    all.set(key, fresh, 1)
    return fresh
  }
  const forget = (known: Known): void => {
    known.untold = 0
    known.countedSince = now().getTime()
  }
  const tell = ({ key, limit }: Account, known: Known): void => {
    const points = known.untold
    forget(known)
    known.telling = shared(key, { points, limit, now: now(), isSpent: true }).then((told) => {
      known.telling = null
      if (told === null) return
      const meanwhile = { points: known.untold, limit, now: now(), isSpent: true }
      known.fullAt = drawFrom(told.fullAt, meanwhile).fullAt
    })
  }
  const tellIfWorthIt = (account: Account, known: Known): void => {
    if (known.telling) return
    const { burst } = account.limit
    const isDue = now().getTime() - known.countedSince >= tellEveryMs
    if (!isDue && known.untold < burst * leaseShare) return
    if (Math.abs(known.untold) >= burst * negligibleShare) tell(account, known)
    else forget(known)
  }
  const take = (account: Account, points: number, isSpent: boolean): Standing => {
    const known = knownOf(account.key)
    const drawn = drawFrom(known.fullAt, { points, limit: account.limit, now: now(), isSpent })
    known.fullAt = drawn.fullAt
    if (drawn.isTaken) known.untold += points
    tellIfWorthIt(account, known)
    return drawn
  }
  return {
    draw: (account, points) => {
      const known = all.get(account.key)
      if (!known?.telling || known.untold < account.limit.burst * leaseShare)
        return take(account, points, false)
      return known.telling.then(() => take(account, points, false))
    },
    correct: (account, points) => take(account, points, true),
  }
}
