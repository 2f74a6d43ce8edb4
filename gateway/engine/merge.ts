import { isBranch, type Tree } from './tree.ts'

/** Far below any selection: only a value of a scalar of the graph's own can be as deep. */
const levelsMax = 1_000

/**
 * Adds what a subgraph said of an object to what is known of it. A null never takes the place of a
 * value, nor an object that of a list, and lists merge item by item. No key reaches into a
 * prototype, and none comes out of one.
 */
export function mergeInto(known: Tree, said: Tree, levels = levelsMax): void {
  for (const key in said) {
    if (key === '__proto__') continue
    if (!Object.hasOwn(said, key)) continue
    const value = said[key]
    const old = Object.hasOwn(known, key) ? known[key] : undefined
    // The places of one entity share what was said of it.
    if (old === value) continue
    if (old === undefined || old === null) {
      if (value !== null || old === undefined) known[key] = value
    } else if (isBranch(old)) {
      if (isBranch(value) && isAlike(old, value) && levels > 0) mergeInto(old, value, levels - 1)
    } else if (value !== null) known[key] = value
  }
}

/** An object among lists would set their length. */
const isAlike = (one: Tree, other: Tree): boolean => Array.isArray(one) === Array.isArray(other)
