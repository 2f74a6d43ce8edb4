import { OperationTypeNode } from 'graphql'
import { type Ask, type AskField, asksFrom, collect } from './ask.ts'
import { before, type Fetch, type Need, nothingSelected } from './fetch.ts'
import type { FieldJoin } from './joins.ts'
import { addNeeds, isCompatible, needsOf } from './needs.ts'
import { type Place, placeAt, type Source, suppliersOf } from './place.ts'
import { answers, type Home, homeIdOf, namesFor, type Way, waysFrom } from './reach.ts'
import { isChosen, joined, type Planning, select, selectAt, take, takeField } from './select.ts'

/** Names of the operation's root types, at which any subgraph may be asked without a key. */
export type Roots = ReadonlyMap<string, OperationTypeNode>

/** Asks further subgraphs, the most helpful first; returns what nobody answers. */
export function jump(planning: Planning, roots: Roots, place: Place, asks: readonly Ask[]): Ask[] {
  const tried = new Map<string, Set<string>>()
  let left = [...asks]
  while (left.length > 0) {
    const choice = bestOf(planning, place, { left, tried, roots })
    if (!choice) return left
    const { home, way } = choice
    const chosen = left.filter((ask) => choice.asks.includes(ask))
    const others = left.filter((ask) => !choice.asks.includes(ask))
    for (const ask of chosen) triedFor(tried, ask).add(homeIdOf(home))
    left = [...others, ...ask(planning, place, { home, way, asks: chosen, roots })]
  }
  return left
}

const askId = (ask: Ask) => (ask.kind === 'on' ? `on ${ask.type}` : ask.key)

function triedFor(tried: Map<string, Set<string>>, ask: Ask): Set<string> {
  const id = askId(ask)
  const known = tried.get(id) ?? new Set()
  tried.set(id, known)
  return known
}

type Choosing = {
  readonly left: readonly Ask[]
  readonly tried: Map<string, Set<string>>
  readonly roots: Roots
}

type Choice = { readonly home: Home; readonly way: Way; readonly asks: readonly Ask[] }

const rootWay: Way = { hops: 1, key: [], through: [] }

/** The subgraph that answers most of what is left, and is nearest. */
function bestOf(planning: Planning, place: Place, choosing: Choosing): Choice | null {
  const isRoot = choosing.roots.has(place.type)
  const ways = isRoot ? null : waysFrom(planning, place)
  const choices = homesFor(planning, place).flatMap((home) => {
    const way = isRoot ? rootWay : ways?.get(homeIdOf(home))
    if (!way) return []
    const asks = choosing.left.filter(
      (ask) =>
        !triedFor(choosing.tried, ask).has(homeIdOf(home)) && mayAnswer(planning, place, home, ask),
    )
    const score = asks.reduce((sum, ask) => sum + worthOf(planning, home, ask), 0)
    return asks.length > 0 ? [{ home, way, asks, score: score / way.hops }] : []
  })
  return choices.reduce<(typeof choices)[number] | null>(
    (best, one) => (!best || one.score > best.score ? one : best),
    null,
  )
}

function homesFor(planning: Planning, { type }: Place): Home[] {
  const { joins } = planning
  const names = [type, ...(joins.get(type)?.interfaces ?? [])]
  const graphs = new Set(names.flatMap((name) => [...(joins.get(name)?.graphs.keys() ?? [])]))
  return [...graphs].flatMap((graph) =>
    namesFor(planning, type, graph).map((as) => ({ graph, as })),
  )
}

const joinAt = ({ joins, labels }: Planning, { graph, as }: Home, name: string) => {
  const join = joins.get(as)?.fields.get(name)?.graphs.get(graph)
  return join && !join.isExternal && isChosen(join, labels) ? join : null
}

/** Whether an interface's objects get their true type from this subgraph. */
const tellsTypes = ({ joins }: Planning, { graph, as }: Home) =>
  (joins.get(as)?.isAbstract ?? false) && !joins.get(as)?.graphs.get(graph)?.isInterfaceObject

function mayAnswer(planning: Planning, place: Place, home: Home, ask: Ask): boolean {
  if (ask.kind === 'on' || ask.name === '__typename') return tellsTypes(planning, home)
  const join = joinAt(planning, home, ask.name)
  return join !== null && !(join.requires && place.open.has(openId(home, ask)))
}

const openId = (home: Home, { name }: AskField) => `${homeIdOf(home)} ${name}`

/** How much of an ask the subgraph answers without asking others in turn. */
function worthOf(planning: Planning, home: Home, ask: Ask): number {
  const source = { ...home, provided: [] }
  if (answers(planning, source, ask)) return 2 + (ask.sub?.length ?? 0)
  return 1 + (ask.sub ?? []).filter((inner) => answersBelow(planning, home, ask, inner)).length / 2
}

function answersBelow(planning: Planning, home: Home, ask: Ask, inner: Ask): boolean {
  if (ask.kind === 'on') return answers(planning, { ...home, as: ask.type, provided: [] }, inner)
  return answers(planning, { ...home, provided: [] }, { ...ask, sub: [inner] })
}

type Asked = Choice & { readonly roots: Roots }

/** Returns what the chosen subgraph leaves open. */
function ask(planning: Planning, place: Place, asked: Asked): Ask[] {
  const { home, asks } = asked
  const requiring = asks.flatMap((ask) => {
    const join = ask.kind === 'field' ? joinAt(planning, home, ask.name) : null
    return ask.kind === 'field' && join?.requires ? [{ ask, join, requires: join.requires }] : []
  })
  const plain = asks.filter((ask) => !requiring.some((one) => one.ask === ask))
  const left = requiring.flatMap((wanted) => askRequiring(planning, place, { ...asked, wanted }))
  if (plain.length === 0) return left
  const source = sourceAt(planning, place, { ...asked, needs: [], after: new Set() })
  if (!source) return [...left, ...plain]
  if (tellsTypes(planning, home)) return [...left, ...askMembers(planning, place, source, plain)]
  return [...left, ...take(planning, { place, source: joined(planning, place, source) }, plain)]
}

/**
 * From here on the objects' types are known, and each can be asked for what only it has. Whoever
 * knows them by the interface alone is asked anew: it would tell what others have as well.
 */
function askMembers(planning: Planning, place: Place, source: Source, asks: readonly Ask[]): Ask[] {
  const { position, origins } = place
  for (const type of planning.joins.get(source.as)?.members.get(source.graph) ?? []) {
    const member = placeAt(position, type)
    for (const fetch of [...origins, source.fetch]) member.origins.add(fetch)
  }
  return selectAt(planning, { position, source }, asks)
}

type Wanted = {
  readonly ask: AskField
  readonly join: FieldJoin
  readonly requires: NonNullable<FieldJoin['requires']>
}

/** Looks for what the field requires first, and hands it over with the key. */
function askRequiring(
  planning: Planning,
  place: Place,
  asked: Asked & { readonly wanted: Wanted },
): Ask[] {
  const { home, wanted } = asked
  const id = openId(home, wanted.ask)
  const inputs = collect(planning.joins, asksFrom(planning, wanted.requires, home.as), place.type)
  place.open.add(id)
  const missing = select(planning, place, inputs)
  place.open.delete(id)
  if (missing.length > 0) return [wanted.ask]
  const needs = needsOf(planning.joins, inputs, { type: home.as, isKey: false })
  const source = sourceAt(planning, place, {
    ...{ ...asked, needs, after: suppliersOf(place, inputs) },
  })
  return source ? takeField(planning, { place, source }, wanted) : [wanted.ask]
}

type Opening = Asked & { readonly needs: readonly Need[]; readonly after: ReadonlySet<Fetch> }

/** The subgraph as a source at this place, opened if it is not; null when its key is not to be had. */
function sourceAt(planning: Planning, place: Place, opening: Opening): Source | null {
  const id = `at ${homeIdOf(opening.home)}`
  if (place.open.has(id)) return null
  place.open.add(id)
  const isHad = hasKey(planning, place, opening)
  place.open.delete(id)
  return isHad ? opened(planning, place, opening) : null
}

/** Asks for the fields of the key, of subgraphs on the way as well. */
function hasKey(planning: Planning, place: Place, opening: Opening): boolean {
  for (const { graph, as } of opening.way.through)
    if (!place.sources.some((source) => source.graph === graph && source.as === as))
      openThrough(planning, place, { ...opening, home: { graph, as } })
  return select(planning, place, opening.way.key).length === 0
}

function opened(planning: Planning, place: Place, opening: Opening): Source {
  const { home, way, roots } = opening
  const isEntity = !roots.has(place.type)
  const key = needsOf(planning.joins, way.key, { type: home.as, isKey: true })
  const needs = [...key, ...opening.needs]
  const after = new Set([...opening.after, ...suppliersOf(place, way.key), ...place.origins])
  const known = planning.fetches.find(
    (one) =>
      one.graph === home.graph &&
      one.type === home.as &&
      one.isEntity === isEntity &&
      one.path === place.path &&
      waitsForAll(one, after) &&
      isCompatible(one.needs, needs),
  )
  const fetch: Fetch = known ?? {
    graph: home.graph,
    operation: roots.get(place.type) ?? OperationTypeNode.QUERY,
    path: place.path,
    ...{ type: home.as, isEntity, selected: nothingSelected(), needs: [], after },
  }
  if (!known) planning.fetches.push(fetch)
  addNeeds(fetch.needs, needs)
  return { ...home, fetch, selected: fetch.selected, provided: [] }
}

function waitsForAll(fetch: Fetch, after: ReadonlySet<Fetch>): boolean {
  const waited = before(fetch)
  return [...after].every((one) => waited.has(one))
}

/** On the way to another subgraph: it answers a part of that one's key. */
function openThrough(planning: Planning, place: Place, opening: Opening): void {
  const way = waysFrom(planning, place).get(homeIdOf(opening.home))
  if (!way) return
  const source = sourceAt(planning, place, { ...opening, way, needs: [], after: new Set() })
  if (source) joined(planning, place, source)
}
