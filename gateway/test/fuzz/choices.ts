/** Where a generator gets its decisions from: a tape that can be shrunk, or a seed. */
export type Choices = {
  /** A whole number from zero up to, and without, `limit`. */
  readonly below: (limit: number) => number
}

/** Reads numbers in turn. Past the end every choice is the first one: a shorter tape is simpler. */
export function tapeOf(numbers: readonly number[]): Choices {
  let at = 0
  return { below: (limit) => (numbers[at++] ?? 0) % limit }
}

/** The same endless choices for the same seed (mulberry32). */
export function seeded(seed: number): Choices {
  let state = seed >>> 0
  return {
    below: (limit) => {
      state = (state + 0x6d2b79f5) >>> 0
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
      return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
    },
  }
}

/** Throws for an empty list. */
export function pick<T>(choices: Choices, list: readonly T[]): T {
  const [one] = list.slice(choices.below(Math.max(1, list.length)))
  if (one === undefined) throw new Error('There is nothing to choose from.')
  return one
}

/** True in one of `n` cases; never on a tape that has ended. */
export const oneIn = (choices: Choices, n: number): boolean => choices.below(n) === n - 1

/** `count` of them at most, in a random order. */
export function some<T>(choices: Choices, list: readonly T[], count: number): T[] {
  const left = [...list]
  const taken: T[] = []
  while (taken.length < count && left.length > 0)
    taken.push(...left.splice(choices.below(left.length), 1))
  return taken
}

/** A number of 32 bits that depends on every character (FNV-1a, mixed). */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1)
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b)
  return (hash ^ (hash >>> 13)) >>> 0
}
