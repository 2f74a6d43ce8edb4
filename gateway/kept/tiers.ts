import type { Log } from '#kit/log'
import type { MemoryStore } from './store.memory.ts'
import { type Entry, type Found, freshnessOf, type Mark, type Store } from './store.ts'

/** What one instance keeps by itself, in front of what all of them keep together. */
export type Tiers = {
  /** At once where memory has it fresh. */
  find(key: string): Found | Promise<Found>
  /** The entry as it is held from now on; false where it must not be. */
  put(key: string, entry: Entry, mark: Mark): boolean
  drop(tags: readonly string[]): number
  clear(): void
}

type TiersDeps = {
  readonly memory: MemoryStore
  /** Null where every instance is on its own. */
  readonly shared: Store | null
  readonly log: Pick<Log, 'warn'>
  readonly nowMs: () => number
}

/** Nothing is asked of a store that has just failed. */
const leftAloneMs = 1_000

/**
 * Memory alone while the shared store is away. What could not be dropped there ends all of it before
 * anything is read there again.
 */
export function createTiers({ memory, shared, log, nowMs }: TiersDeps): Tiers {
  const other = shared && careful(shared, { log, nowMs })
  const findFurther = async (key: string, own: Found): Promise<Found> => {
    const found = await other?.find(key)
    if (!found) return own
    const mark = bothMarks(own.mark, found.mark)
    const { entry } = found
    if (!entry || (own.entry && own.entry.madeAt >= entry.madeAt)) return { ...own, mark }
    if (freshnessOf(entry, nowMs()) === 'over') return { ...own, mark }
    // Dropped here while it was read there: the next one finds neither.
    return { entry: memory.now.put(key, entry, own.mark) ? entry : null, mark }
  }
  return {
    find: (key) => {
      const own = memory.now.find(key)
      const isFresh = own.entry && freshnessOf(own.entry, nowMs()) === 'fresh'
      return isFresh || !other ? own : findFurther(key, own)
    },
    put: (key, entry, mark) => {
      const [own = '', theirs] = mark.split('|')
      if (theirs !== undefined) other?.put(key, entry, theirs)
      return memory.now.put(key, entry, own)
    },
    drop: (tags) => {
      other?.drop(tags)
      return memory.now.drop(tags)
    },
    clear: () => {
      other?.clear()
      memory.now.clear()
    },
  }
}

const bothMarks = (own: Mark, theirs: Mark): Mark => `${own}|${theirs}`

/** The store, as one that never rejects and never waits long. */
function careful(store: Store, { log, nowMs }: Pick<TiersDeps, 'log' | 'nowMs'>) {
  let aloneUntil = 0
  let owesClear = false
  const failed = (what: string) => (cause: unknown) => {
    if (nowMs() >= aloneUntil) log.warn(`What all instances keep cannot be ${what}`, cause)
    aloneUntil = nowMs() + leftAloneMs
    return null
  }
  const settle = async () => {
    if (!owesClear) return
    await store.clear()
    owesClear = false
  }
  const owing = (what: string) => (cause: unknown) => {
    owesClear = true
    return failed(what)(cause)
  }
  return {
    find: async (key: string) => {
      if (nowMs() < aloneUntil) return null
      const found = async () => {
        await settle()
        return store.find(key)
      }
      return found().catch(failed('read'))
    },
    put: (key: string, entry: Entry, mark: Mark) => {
      if (owesClear || nowMs() < aloneUntil) return
      store.put(key, entry, mark).catch(failed('added to'))
    },
    drop: (tags: readonly string[]) => void store.drop(tags).catch(owing('changed')),
    clear: () => void store.clear().catch(owing('changed')),
  }
}
