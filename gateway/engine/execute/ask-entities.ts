import type { CompiledPart, CompiledTarget } from '../compile/index.ts'
import type { Tree } from '../tree.ts'

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
  const known = new Map<string, number>()
  for (const target of part.targets) {
    const placeOf = placesOf(target, { known, representations })
    target.walk(data, (object) => {
      const place = placeOf(object)
      if (place === null) return
      objects.push(object)
      places.push(place)
    })
  }
  return { part, objects, places, representations }
}

type Found = { readonly known: Map<string, number>; readonly representations: string[] }

/** Null for an object of which the subgraph cannot be told what it needs. */
type PlaceOf = (object: Tree) => number | null

function placesOf({ represent, fields }: CompiledTarget, found: Found): PlaceOf {
  const { known, representations } = found
  const byText: PlaceOf = (object) => {
    const text = represent(object)
    if (text === null) return null
    const place = known.get(text) ?? representations.push(text) - 1
    known.set(text, place)
    return place
  }
  const [first, ...others] = fields ?? []
  if (first === undefined) return byText
  // What one kind of key tells apart may look alike under another, so each target has its own.
  const seen = new Map<unknown, { readonly object: Tree; readonly place: number }>()
  return (object) => {
    const same = seen.get(object[first])
    if (same && others.every((key) => same.object[key] === object[key])) return same.place
    const place = byText(object)
    if (place !== null) seen.set(object[first], { object, place })
    return place
  }
}
