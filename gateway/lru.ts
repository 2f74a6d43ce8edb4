export type Bounds = { readonly entriesMax: number; readonly bytesMax: number }

/** What was not asked for longest goes first, as soon as there is more than the bounds allow. */
export type Lru<Key, Value> = {
  /** Undefined when the key is not there; one that is becomes the most recent. */
  get(key: Key): Value | undefined
  /** One that is larger than all of the memory allowed is not kept. */
  set(key: Key, value: Value, bytes: number): void
  /** All that is held now; bytes as they were told to `set`. */
  readonly held: () => { readonly entries: number; readonly bytes: number }
}

export function createLru<Key, Value>({ entriesMax, bytesMax }: Bounds): Lru<Key, Value> {
  // A Map iterates in the order of insertion, so the first key is the oldest.
  const entries = new Map<Key, { readonly value: Value; readonly bytes: number }>()
  let total = 0
  let newest: Key | undefined
  const remove = (key: Key) => {
    total -= entries.get(key)?.bytes ?? 0
    entries.delete(key)
  }
  return {
    get: (key) => {
      const entry = entries.get(key)
      // The same key again and again, as on a busy gateway, has nothing to move.
      if (!entry || key === newest) return entry?.value
      entries.delete(key)
      entries.set(key, entry)
      newest = key
      return entry.value
    },
    set: (key, value, bytes) => {
      remove(key)
      if (bytes > bytesMax) return
      entries.set(key, { value, bytes })
      total += bytes
      newest = key
      for (const oldest of entries.keys()) {
        if (entries.size <= entriesMax && total <= bytesMax) return
        remove(oldest)
      }
    },
    held: () => ({ entries: entries.size, bytes: total }),
  }
}
