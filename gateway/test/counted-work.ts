/** Thrown by a document that was read too often: what reads it would not come to an end. */
export class TooMuchWork extends Error {}

export type Counted<T> = { readonly value: T; reads(): number }

/**
 * A copy of a syntax tree that counts how often any part of it is read: the work that a document
 * makes, the same on every machine. Reading it throws TooMuchWork beyond `readsMax`.
 */
export function counted<T extends object>(tree: T, readsMax: number): Counted<T> {
  let reads = 0
  const copied = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(copied)
    if (typeof value !== 'object' || value === null) return value
    const copy = {}
    for (const [key, inner] of Object.entries(value)) {
      const kept = copied(inner)
      Object.defineProperty(copy, key, {
        enumerable: true,
        get: () => {
          reads += 1
          if (reads > readsMax) throw new TooMuchWork(`More than ${readsMax} reads.`)
          return kept
        },
      })
    }
    return copy
  }
  // The copy has the keys and values of the tree; only how they are stored differs.
  return { value: copied(tree) as T, reads: () => reads }
}
