type Tree = Record<string, unknown>

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null

/**
 * Adds what a subgraph said of an object to what is known of it. A null never takes the place of a
 * value, and lists merge item by item. No key reaches into a prototype.
 */
export function mergeInto(known: Tree, said: Tree): void {
  for (const key in said) {
    if (key === '__proto__') continue
    const value = said[key]
    const old = Object.hasOwn(known, key) ? known[key] : undefined
    // The places of one entity share what was said of it.
    if (old === value) continue
    if (old === undefined || old === null) {
      if (value !== null || old === undefined) known[key] = value
    } else if (isTree(old) && isTree(value)) mergeInto(old, value)
    else if (value !== null) known[key] = value
  }
}
