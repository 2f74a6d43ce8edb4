import type { CompiledPart, CompiledTarget } from '../compile/index.ts'
import type { Tree } from '../compile/walk.ts'

/** The objects of a part, and which of its representations stands for each of them. */
export type Asked = {
  readonly part: CompiledPart
  readonly objects: readonly Tree[]
  readonly places: readonly number[]
  readonly representations: readonly string[]
}

/** Finds the objects that the part asks about. Equal objects are asked about once. */
export function askedOf(part: CompiledPart, data: Tree): Asked {
  const objects: Tree[] = []
  const places: number[] = []
  const representations: string[] = []
  const known = new Map<unknown, number>()
  for (const target of part.targets) {
    // What one kind of key tells apart may look alike under another.
    const identified = target.identity ? new Map<unknown, number>() : known
    target.walk(data, (object) => {
      const place = placeOf(target, object, { known, identified, representations })
      if (place === null) return
      objects.push(object)
      places.push(place)
    })
  }
  return { part, objects, places, representations }
}

type Found = {
  readonly known: Map<unknown, number>
  readonly identified: Map<unknown, number>
  readonly representations: string[]
}

/** Null for an object of which the subgraph cannot be told what it needs. */
function placeOf(target: CompiledTarget, object: Tree, found: Found): number | null {
  const identity = target.identity?.(object)
  const same = identity === undefined ? undefined : found.identified.get(identity)
  if (same !== undefined) return same
  const text = target.represent(object)
  if (text === null) return null
  const place = found.known.get(text) ?? found.representations.push(text) - 1
  found.known.set(text, place)
  if (identity !== undefined) found.identified.set(identity, place)
  return place
}
