/** A cache that forgets what was not asked for longest. `entriesMax` bounds its memory. */
export type Recent<Key, Value> = {
  /** The value under the key, made and kept if it is not there. */
  of(key: Key, make: () => Value): Value
}

export function createRecent<Key, Value>(entriesMax: number): Recent<Key, Value> {
  // A Map iterates in the order of insertion, so the first key is the oldest.
  const entries = new Map<Key, { readonly value: Value }>()
  return {
    of: (key, make) => {
      const entry = entries.get(key) ?? { value: make() }
      entries.delete(key)
      entries.set(key, entry)
      const [oldest] = entries.keys()
      if (entries.size > entriesMax && oldest !== undefined) entries.delete(oldest)
      return entry.value
    },
  }
}
