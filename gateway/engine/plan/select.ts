import { namedTypeOf } from '#kit/document/named-type'
import type { KeyOf } from '../prepare/keys.ts'
import { type Ask, type AskField, asksFrom, collect, typenameAsk } from './ask.ts'
import { type Fetch, selectField, selectOn } from './fetch.ts'
import { type FieldJoin, type Joins, listDepthOf } from './joins.ts'
import { childOf, type Place, type Position, placeAt, type Source, supply } from './place.ts'

/** The supergraph, and the plan while it is made. */
export type Planning = {
  readonly joins: Joins
  readonly keyOf: KeyOf
  /** Labels of `@override` that hold for this plan. */
  readonly labels: ReadonlySet<string>
  readonly fetches: Fetch[]
  /** Asks further subgraphs about a place's objects; returns what nobody answers. */
  readonly jump: (place: Place, asks: readonly Ask[]) => Ask[]
  /** Counts a step of work. Throws AppError DOCUMENT_TOO_COMPLEX when there were too many. */
  readonly step: () => void
}

/** Has the place's objects answer all that is asked; returns what nobody answers. */
export function select(planning: Planning, place: Place, asks: readonly Ask[]): Ask[] {
  let left = collect(planning.joins, asks, place.type)
  for (const source of [...place.sources]) left = take(planning, { place, source }, left)
  return left.length === 0 ? [] : planning.jump(place, left)
}

type Here = { readonly place: Place; readonly source: Source }

/** What of `asks` the source does not answer by itself. */
export const take = (planning: Planning, here: Here, asks: readonly Ask[]): Ask[] =>
  asks.flatMap((ask): Ask[] => {
    planning.step()
    if (ask.kind === 'on') return [ask]
    if (ask.name === '__typename') return takeTypename(planning, here) ? [] : [ask]
    const join = localJoin(planning, here.source, ask.name)
    return join ? takeField(planning, here, { ask, join }) : [ask]
  })

/** The type of an object is known from its place; that of an interface object only elsewhere. */
const takeTypename = ({ joins }: Planning, { place }: Here): boolean =>
  !joins.get(place.type)?.isAbstract

/** How the source answers a field without being given anything else; null when it does not. */
export function localJoin(
  { joins, labels }: Planning,
  { as, graph, provided }: Pick<Source, 'as' | 'graph' | 'provided'>,
  name: string,
): FieldJoin | null {
  const join = joins.get(as)?.fields.get(name)?.graphs.get(graph)
  if (!join) return null
  if (provided.some((ask) => ask.kind === 'field' && ask.name === name)) return join
  return join.isExternal || join.requires || !isChosen(join, labels) ? null : join
}

/** Of two subgraphs under a label of `@override` the new one answers while the label holds. */
export const isChosen = ({ override }: FieldJoin, labels: ReadonlySet<string>): boolean =>
  !override || override.isNew === labels.has(override.label)

type Wanted = { readonly ask: AskField; readonly join: FieldJoin }

/** Selects the field at the source. Returns what of its own selection the source leaves open. */
export function takeField(planning: Planning, here: Here, { ask, join }: Wanted): AskField[] {
  const { place, source } = here
  const field = selectField(source.selected, ask)
  supply(place, ask.key, source.fetch)
  if (!ask.sub || !field.sub) return []
  const type = planning.joins.get(source.as)?.fields.get(ask.name)?.type
  if (!type) return [ask]
  const named = namedTypeOf(type)
  const position = childOf(place, ask.key, { type: named, listDepth: listDepthOf(type) })
  const below: Source = {
    ...{ graph: source.graph, fetch: source.fetch, selected: field.sub },
    as: namedTypeOf(join.type),
    provided: [
      ...providedBelow(source.provided, ask.name),
      ...(join.provides ? asksFrom(planning, join.provides, named) : []),
    ],
  }
  const left = selectAt(planning, { position, source: below }, ask.sub)
  return left.length === 0 ? [] : [{ ...ask, sub: left }]
}

const providedBelow = (provided: readonly Ask[], name: string): readonly Ask[] =>
  provided.flatMap((ask) => (ask.kind === 'field' && ask.name === name ? (ask.sub ?? []) : []))

type At = { readonly position: Position; readonly source: Source }

/** Selects below a field, for each type that the source may answer with there. */
export function selectAt(planning: Planning, at: At, asks: readonly Ask[]): Ask[] {
  const { position, source } = at
  const type = planning.joins.get(source.as)
  const isInterfaceObject = type?.graphs.get(source.graph)?.isInterfaceObject ?? false
  const isOpen = planning.joins.get(position.type)?.isAbstract ?? false
  // Which type an object has, only its subgraph knows.
  if (isOpen && !isInterfaceObject) selectField(source.selected, typenameAsk)
  if (type?.isAbstract && !isInterfaceObject) return selectMembers(planning, at, asks)
  const place = placeAt(position, source.as)
  joined(planning, place, source)
  return select(planning, place, asks)
}

/** One more subgraph that can be asked at the place. */
export function joined(planning: Planning, place: Place, source: Source): Source {
  const { graph, as, fetch, selected } = source
  const known = place.sources.find((one) => one.selected === selected)
  if (known) return known
  const own = planning.joins.get(as)?.graphs.get(graph)
  // A subgraph answers the fields of its own keys, even where they belong to another one.
  const keys = (own?.allKeys ?? []).flatMap((set) => asksFrom(planning, set, as))
  const provided = collect(planning.joins, [...source.provided, ...keys], place.type)
  const added = { ...source, provided }
  place.sources.push(added)
  // The operation's root is there before anybody has been asked.
  if (place.path.length > 0 && place.origins.size === 0) place.origins.add(fetch)
  return added
}

/** Selects at an abstract type: what all members share once, the rest for each of them. */
function selectMembers(planning: Planning, at: At, asks: readonly Ask[]): Ask[] {
  const { position, source } = at
  const { joins } = planning
  const members = joins.get(source.as)?.members.get(source.graph) ?? []
  const wanted = members.map((type) => ({ type, asks: collect(joins, asks, type) }))
  const shared = sharedAmong(planning, source, wanted)
  for (const ask of shared.values()) selectField(source.selected, ask)
  return wanted.flatMap(({ type, asks: own }) => {
    const place = placeAt(position, type)
    for (const key of shared.keys()) supply(place, key, source.fetch)
    const rest = own.filter((ask) => ask.kind === 'on' || !isSettled(ask, shared))
    if (own.length === 0) return []
    const part: Source = {
      ...source,
      as: type,
      selected: selectOn(source.selected, type),
    }
    joined(planning, place, part)
    const left = select(planning, place, rest)
    return left.length === 0 ? [] : [{ kind: 'on' as const, type, sub: left }]
  })
}

const isSettled = ({ key }: AskField, shared: ReadonlyMap<string, AskField>) =>
  key === '__typename' || shared.has(key)

type Member = { readonly type: string; readonly asks: readonly Ask[] }

/** Leaf fields that every member is asked for, and that the subgraph has on the type itself. */
function sharedAmong(
  planning: Planning,
  source: Source,
  members: readonly Member[],
): ReadonlyMap<string, AskField> {
  const [first, ...others] = members
  const isShared = (ask: Ask): ask is AskField =>
    ask.kind === 'field' &&
    !ask.sub &&
    localJoin(planning, source, ask.name) !== null &&
    members.every(({ type }) => localJoin(planning, { ...source, as: type }, ask.name) !== null) &&
    others.every(({ asks }) => asks.some((one) => one.kind === 'field' && one.key === ask.key))
  return new Map((first?.asks ?? []).filter(isShared).map((ask) => [ask.key, ask]))
}
