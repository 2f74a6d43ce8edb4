import type { Ask } from './ask.ts'
import type { Fetch, Path, Selected } from './fetch.ts'
import type { Graph } from './joins.ts'

/** A subgraph's view of the object at a place: it can be asked for more there. */
export type Source = {
  readonly graph: Graph
  /** The type as which the subgraph knows the object. */
  readonly as: string
  readonly fetch: Fetch
  readonly selected: Selected
  /** What it answers here although the field belongs to another subgraph. */
  readonly provided: readonly Ask[]
}

/** Objects of one type, at one path of the merged answers. */
export type Place = {
  readonly type: string
  readonly path: Path
  readonly position: Position
  readonly sources: Source[]
  /** What brought the objects, and told their type. */
  readonly origins: Set<Fetch>
  /** Below a field of the objects. */
  readonly children: Map<string, Position>
  /** Who answers the value under a key. */
  readonly suppliers: Map<string, Set<Fetch>>
  /** The `@requires` that are being looked for, so that none waits for itself. */
  readonly open: Set<string>
}

/** Where a field's objects stand: a place for each type that they may have. */
export type Position = {
  readonly type: string
  readonly path: Path
  readonly places: Map<string, Place>
}

export const positionAt = (type: string, path: Path): Position => ({
  type,
  path,
  places: new Map(),
})

/** The place of a position's objects of one type. */
export function placeAt(position: Position, type: string): Place {
  const known = position.places.get(type)
  if (known) return known
  const path: Path =
    type === position.type ? position.path : [...position.path, { kind: 'on', type }]
  const place: Place = {
    ...{ type, path, position, sources: [], origins: new Set() },
    ...{ children: new Map(), suppliers: new Map(), open: new Set() },
  }
  position.places.set(type, place)
  return place
}

/** The position below a field of a place's objects. */
export function childOf(place: Place, key: string, shape: ChildShape): Position {
  const known = place.children.get(key)
  if (known) return known
  const lists = Array.from({ length: shape.listDepth }, () => ({ kind: 'list' }) as const)
  const position = positionAt(shape.type, [...place.path, { kind: 'field', key }, ...lists])
  place.children.set(key, position)
  return position
}

type ChildShape = { readonly type: string; readonly listDepth: number }

export function supply(place: Place, key: string, fetch: Fetch): void {
  const known = place.suppliers.get(key)
  if (known) known.add(fetch)
  else place.suppliers.set(key, new Set([fetch]))
}

/** The objects of an interface may have been asked by their own types. */
const viewsOf = (place: Place): Iterable<Place> =>
  place.type === place.position.type ? new Set([place, ...place.position.places.values()]) : [place]

/** Every fetch that a part of what is asked comes from. */
export function suppliersOf(place: Place, asks: readonly Ask[]): Set<Fetch> {
  const found = new Set<Fetch>()
  const visit = (at: Place, ask: Ask) => {
    if (ask.kind === 'on') {
      for (const inner of ask.sub) visit(at, inner)
      return
    }
    for (const one of viewsOf(at)) {
      for (const fetch of one.suppliers.get(ask.key) ?? []) found.add(fetch)
      const below = one.children.get(ask.key)?.places.values() ?? []
      for (const place of below) for (const inner of ask.sub ?? []) visit(place, inner)
    }
  }
  for (const ask of asks) visit(place, ask)
  return found
}
