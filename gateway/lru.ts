export type Bounds = { readonly entriesMax: number; readonly bytesMax: number }

/** What was not asked for longest goes first, as soon as there is more than the bounds allow. */
export type Lru<Key, Value> = {
  /** Undefined when the key is not there; one that is becomes the most recent. */
  get(key: Key): Value | undefined
  /** One that is larger than all of the memory allowed is not kept. */
  set(key: Key, value: Value, bytes: number): void
  /** The same without making it the most recent. */
  peek(key: Key): Value | undefined
  delete(key: Key): void
  clear(): void
  /** All that is held now; bytes as they were told to `set`. */
  readonly held: () => { readonly entries: number; readonly bytes: number }
}

/** `removed` is told of whatever is not held any more: made room, replaced or deleted. */
export function createLru<Key, Value>(
  { entriesMax, bytesMax }: Bounds,
  removed?: (key: Key, value: Value) => void,
): Lru<Key, Value> {
  // A Map iterates in the order of insertion, so the first key is the oldest.
  const entries = new Map<Key, { readonly value: Value; readonly bytes: number }>()
  let total = 0
  let newest: Key | undefined
  const remove = (key: Key) => {
    const entry = entries.get(key)
    if (!entry) return
    total -= entry.bytes
    entries.delete(key)
    removed?.(key, entry.value)
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
    peek: (key) => entries.get(key)?.value,
    delete: remove,
    clear: () => {
      for (const key of [...entries.keys()]) remove(key)
    },
    held: () => ({ entries: entries.size, bytes: total }),
  }
}
