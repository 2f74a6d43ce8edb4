import { createLru } from './lru.ts'

/** A cache that forgets what was not asked for longest. */
export type Recent<Key, Value> = {
  /** The value under the key, made and kept if it is not there. What throws is not kept. */
  of(key: Key, make: () => Value): Value
  /** The value if it is there; undefined otherwise. */
  peek(key: Key): Value | undefined
}

/** How much memory the values may take together. */
type Weighed<Key, Value> = {
  readonly bytesMax: number
  readonly bytesOf: (value: Value, key: Key) => number
}

/** `entriesMax` bounds the memory of values that are about the same size; others are weighed. */
export function createRecent<Key, Value>(
  entriesMax: number,
  weighed?: Weighed<Key, Value>,
): Recent<Key, Value> {
  const bytesMax = weighed?.bytesMax ?? Number.POSITIVE_INFINITY
  const entries = createLru<Key, { readonly value: Value }>({ entriesMax, bytesMax })
  return {
    of: (key, make) => {
      const known = entries.get(key)
      if (known) return known.value
      const value = make()
      entries.set(key, { value }, weighed?.bytesOf(value, key) ?? 0)
      return value
    },
    peek: (key) => entries.get(key)?.value,
  }
}
