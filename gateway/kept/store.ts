/** What is kept of one answer. */
export type Entry = {
  /** JSON. */
  readonly text: string
  /** What it tells of: whoever changes one of these ends it. */
  readonly tags: readonly string[]
  /** In milliseconds since 1970. */
  readonly madeAt: number
  /** Seconds after `madeAt` for which it is fresh, and for which it may then be given as stale. */
  readonly maxAge: number
  readonly stale: number
}

/** A moment as its store counts them: what was dropped after it must not be kept by who began before. */
export type Mark = string

export type Found = { readonly entry: Entry | null; readonly mark: Mark }

/** Where answers are kept. `store.contract.ts` says what every adapter keeps. */
export type Store = {
  /** What is kept under the key and not over yet, and the mark for whoever makes it anew. */
  find(key: string): Promise<Found>
  /** Does nothing when one of the entry's tags was dropped after the mark, or everything was. */
  put(key: string, entry: Entry, mark: Mark): Promise<void>
  /** Ends every entry that has one of the tags; how many there were, as far as that is known. */
  drop(tags: readonly string[]): Promise<number>
  /** Ends every entry. */
  clear(): Promise<void>
}

export type Freshness = 'fresh' | 'stale' | 'over'

export function freshnessOf({ madeAt, maxAge, stale }: Entry, nowMs: number): Freshness {
  const ageMs = nowMs - madeAt
  if (ageMs < maxAge * 1_000) return 'fresh'
  return ageMs < (maxAge + stale) * 1_000 ? 'stale' : 'over'
}

/** Whole seconds since an entry was made, as `Age` says it. */
export const ageOf = ({ madeAt }: Entry, nowMs: number): number =>
  Math.max(0, Math.floor((nowMs - madeAt) / 1_000))
