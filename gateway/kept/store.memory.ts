import { type Bounds, createLru } from '../lru.ts'
import { type Entry, type Found, freshnessOf, type Mark, type Store } from './store.ts'

export type MemoryStore = Store & {
  /** What the other functions do, without waiting. */
  readonly now: {
    find(key: string): Found
    /** True when it is kept. */
    put(key: string, entry: Entry, mark: Mark): boolean
    drop(tags: readonly string[]): number
    clear(): void
  }
  /** False once the entry was dropped, replaced or has made room. */
  holds(key: string, entry: Entry): boolean
  held(): { readonly entries: number; readonly bytes: number }
}

/** As many drops are remembered one by one; what began before the oldest of them is not kept. */
const dropsMax = 10_000

/** For the tags' sets, the key and the entry itself. */
const entryBytes = 512
const tagBytes = 160

const bytesOf = (key: string, { text, tags }: Entry) =>
  (key.length + text.length) * 2 + tags.length * tagBytes + entryBytes

/** In this process alone, bounded in bytes; what was not asked for longest makes room. */
export function createMemoryStore(options: Bounds & { readonly nowMs: () => number }): MemoryStore {
  const { nowMs } = options
  const tagged = createTagged()
  const drops = createDrops()
  const entries = createLru<string, Entry>(options, tagged.remove)
  const now: MemoryStore['now'] = {
    find: (key) => {
      const entry = entries.get(key)
      if (entry && freshnessOf(entry, nowMs()) === 'over') entries.delete(key)
      else if (entry) return { entry, mark: drops.mark() }
      return { entry: null, mark: drops.mark() }
    },
    put: (key, entry, mark) => {
      if (drops.areAfter(mark, entry.tags)) return false
      entries.set(key, entry, bytesOf(key, entry))
      if (entries.peek(key) !== entry) return false
      tagged.add(key, entry)
      return true
    },
    drop: (tags) => {
      drops.note(tags)
      const keys = new Set(tags.flatMap((tag) => [...tagged.keysOf(tag)]))
      for (const key of keys) entries.delete(key)
      return keys.size
    },
    clear: () => {
      drops.noteAll()
      entries.clear()
    },
  }
  return {
    now,
    find: async (key) => now.find(key),
    put: async (key, entry, mark) => void now.put(key, entry, mark),
    drop: async (tags) => now.drop(tags),
    clear: async () => now.clear(),
    holds: (key, entry) => entries.peek(key) === entry,
    held: entries.held,
  }
}

/** From each tag to the keys of what has it. */
function createTagged() {
  const keys = new Map<string, Set<string>>()
  return {
    keysOf: (tag: string): ReadonlySet<string> => keys.get(tag) ?? new Set(),
    add: (key: string, { tags }: Entry) => {
      for (const tag of tags) keys.set(tag, (keys.get(tag) ?? new Set()).add(key))
    },
    remove: (key: string, { tags }: Entry) => {
      for (const tag of tags) {
        const own = keys.get(tag)
        own?.delete(key)
        if (own?.size === 0) keys.delete(tag)
      }
    },
  }
}

/** Counts the drops, and when each tag's last one was. */
function createDrops() {
  const last = new Map<string, number>()
  let count = 0
  // Whatever was dropped up to here is not known tag by tag any more.
  let forgotten = 0
  return {
    mark: (): Mark => String(count),
    areAfter: (mark: Mark, tags: readonly string[]) => {
      const from = Number(mark)
      return from < forgotten || tags.some((tag) => (last.get(tag) ?? 0) > from)
    },
    note: (tags: readonly string[]) => {
      count += 1
      for (const tag of tags) {
        // Again at the end, where the newest are.
        last.delete(tag)
        last.set(tag, count)
      }
      for (const [tag, at] of last) {
        if (last.size <= dropsMax) return
        last.delete(tag)
        forgotten = at
      }
    },
    noteAll: () => {
      count += 1
      forgotten = count
      last.clear()
    },
  }
}
