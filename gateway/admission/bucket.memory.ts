import { createLru } from '../lru.ts'
import { drawFrom, type RateBuckets } from './bucket.ts'

const bounds = { entriesMax: 100_000, bytesMax: 16_777_216 }

/** Buckets of this process alone, where it is the only one. */
export function bucketsInMemory(): RateBuckets {
  const buckets = createLru<string, number>(bounds)
  return {
    draw: async (key, draw) => {
      const drawn = drawFrom(buckets.get(key) ?? null, draw)
      buckets.set(key, drawn.fullAt, key.length)
      return drawn
    },
  }
}
