import { namedTypeOf } from '#kit/document/named-type'
import { type Ask, asksFrom, collect } from './ask.ts'
import type { Graph } from './joins.ts'
import type { Place, Source } from './place.ts'
import { localJoin, type Planning } from './select.ts'

/** A subgraph, and the type as which it finds the objects of a place. */
export type Home = { readonly graph: Graph; readonly as: string }

/** How to get there: the key that it needs, and the subgraphs to be asked for its fields before. */
export type Way = {
  readonly hops: number
  readonly key: readonly Ask[]
  readonly through: readonly Home[]
}

export const homeIdOf = ({ graph, as }: Home) => `${graph} ${as}`

type Known = Pick<Source, 'as' | 'graph' | 'provided'> & { readonly hops: number }

/** The shortest way to every subgraph that finds the place's objects by one of their keys. */
export function waysFrom(planning: Planning, place: Place): ReadonlyMap<string, Way> {
  const ways = new Map<string, Way>()
  const homes = keyedHomes(planning, place.type)
  let known: Known[] = place.sources.map((source) => ({ ...source, hops: 0 }))
  for (let hops = 1; ; hops += 1) {
    const found = homes
      .filter((home) => !ways.has(homeIdOf(home)))
      .map((home) => ({ home, way: wayTo(planning, home, known) }))
      .filter(({ way }) => way !== null)
    for (const { home, way } of found) if (way) ways.set(homeIdOf(home), { ...way, hops })
    const added = found.map(({ home }) => ({ ...home, provided: keysOf(planning, home), hops }))
    if (added.length === 0) return ways
    known = [...known, ...added]
  }
}

/** The type itself, and interfaces under whose name a subgraph knows its objects. */
export function namesFor({ joins }: Planning, type: string, graph: Graph): string[] {
  const interfaces = [...(joins.get(type)?.interfaces ?? [])].filter(
    (name) => joins.get(name)?.graphs.get(graph)?.isInterfaceObject,
  )
  return joins.get(type)?.graphs.has(graph) ? [type, ...interfaces] : interfaces
}

function keyedHomes(planning: Planning, type: string): Home[] {
  const { joins } = planning
  const names = [type, ...(joins.get(type)?.interfaces ?? [])]
  const graphs = new Set(names.flatMap((name) => [...(joins.get(name)?.graphs.keys() ?? [])]))
  return [...graphs].flatMap((graph) =>
    namesFor(planning, type, graph)
      .filter((as) => (joins.get(as)?.graphs.get(graph)?.keys.length ?? 0) > 0)
      .map((as) => ({ graph, as })),
  )
}

const keysOf = (planning: Planning, { graph, as }: Home): Ask[] =>
  (planning.joins.get(as)?.graphs.get(graph)?.allKeys ?? []).flatMap((set) =>
    asksFrom(planning, set, as),
  )

/** The first key all of whose fields somebody known answers. */
function wayTo(planning: Planning, home: Home, known: readonly Known[]): Omit<Way, 'hops'> | null {
  const keys = planning.joins.get(home.as)?.graphs.get(home.graph)?.keys ?? []
  const ways = keys.flatMap((set) => {
    const key = asksFrom(planning, set, home.as)
    const givers = key.map((ask) => known.find((one) => answers(planning, one, ask)))
    const through = givers.filter((giver) => giver !== undefined)
    return through.length === key.length ? [{ key, through }] : []
  })
  const cost = ({ through }: { readonly through: readonly Known[] }) =>
    through.reduce((sum, { hops }) => sum + hops, 0)
  const [best] = ways.sort((one, other) => cost(one) - cost(other))
  return best ? { key: best.key, through: best.through.filter(({ hops }) => hops > 0) } : null
}

/** True when the subgraph answers all of it by itself. */
export function answers(
  planning: Planning,
  source: Pick<Source, 'as' | 'graph' | 'provided'>,
  ask: Ask,
): boolean {
  planning.step()
  const { joins } = planning
  const { as, graph, provided } = source
  if (ask.kind === 'on') {
    const members = joins.get(as)?.members.get(graph) ?? []
    return members.every((type) =>
      collect(joins, [ask], type).every(
        (inner) =>
          inner.kind === 'field' && answers(planning, { as: type, graph, provided }, inner),
      ),
    )
  }
  if (ask.name === '__typename') return true
  const join = localJoin(planning, source, ask.name)
  if (!join) return false
  return (ask.sub ?? []).every((inner) =>
    answers(planning, belowOf(planning, source, { ask, type: join.type }), inner),
  )
}

type Below = {
  readonly ask: { readonly name: string }
  readonly type: Parameters<typeof namedTypeOf>[0]
}

const belowOf = (
  { joins }: Planning,
  { graph, provided }: Pick<Source, 'graph' | 'provided'>,
  { ask, type }: Below,
) => ({
  as: namedTypeOf(type),
  graph,
  provided: provided.flatMap((one) =>
    one.kind === 'field' && one.name === ask.name
      ? collect(joins, one.sub ?? [], namedTypeOf(type))
      : [],
  ),
})
