import { createLru } from '../lru.ts'
import type { Account, Ledger } from './account.ts'
import { type Draw, type Drawn, drawFrom } from './bucket.ts'
import type { SharedCount } from './shared-count.ts'

type LedgerDeps = { readonly shared: SharedCount; readonly now: () => Date }

type Known = {
  /** As the shared count was when this instance last heard of it. */
  fullAt: number | null
  /** Points that were drawn here and are not in it yet. */
  reserved: number
  askedAt: number
}

const bounds = { entriesMax: 20_000, bytesMax: 20_000 }

/** For so long a refusal of our own is not put to the shared count again. */
const refusedForMs = 250

/**
 * Every draw is one from the shared count, so that all instances together let through what the limit
 * says. Who is over it is refused here, without asking, and asked about four times a second at most:
 * others may have given points back. While the shared count is out of reach each instance counts for
 * itself: a limit is there for fairness, and a count that is away must not be an outage of its own.
 */
export function createExactLedger({ shared, now }: LedgerDeps): Ledger {
  const all = createLru<string, Known>(bounds)
  const knownOf = (key: string): Known => {
    const known = all.get(key) ?? { fullAt: null, reserved: 0, askedAt: 0 }
    all.set(key, known, 1)
    return known
  }
  const ask = async (account: Account, draw: Draw, known: Known): Promise<Drawn> => {
    const local = viewOf(known, draw)
    // Before the shared count answers: of a thousand at once only as many ask it as may pass.
    known.reserved += draw.points
    known.askedAt = draw.now.getTime()
    const told = await shared(account.key, draw)
    known.reserved -= draw.points
    if (told === null) {
      const own = drawFrom(known.fullAt, draw)
      known.fullAt = own.fullAt
      return own
    }
    // What was asked about because of a refusal here may have become more by now.
    known.fullAt =
      told.isTaken && local.isTaken ? Math.max(told.fullAt, known.fullAt ?? 0) : told.fullAt
    return told
  }
  return {
    draw: (account, points) => {
      const draw = { points, limit: account.limit, now: now() }
      const known = knownOf(account.key)
      const local = viewOf(known, draw)
      const isOld = draw.now.getTime() - known.askedAt >= refusedForMs
      return local.isTaken || (isOld && known.reserved === 0) ? ask(account, draw, known) : local
    },
    correct: (account, points) => {
      const draw = { points, limit: account.limit, now: now(), isSpent: true }
      const known = knownOf(account.key)
      const own = drawFrom(known.fullAt, draw)
      known.fullAt = own.fullAt
      void shared(account.key, draw)
      return own
    },
  }
}

/** What would come of a draw, as far as this instance knows. */
function viewOf({ fullAt, reserved }: Known, draw: Draw): Drawn {
  if (reserved === 0) return drawFrom(fullAt, draw)
  const spent = drawFrom(fullAt, { ...draw, points: reserved, isSpent: true })
  return drawFrom(spent.fullAt, draw)
}
