import { type DocumentNode, type GraphQLSchema, OperationTypeNode } from 'graphql'
import { AppError } from '#kit/errors'
import type { KeyOf } from '../prepare/keys.ts'
import type { Selection } from '../prepare/selection.ts'
import { type Ask, asksOf, collect } from './ask.ts'
import { type Fetch, nothingSelected } from './fetch.ts'
import type { FieldJoin, Joins } from './joins.ts'
import { jump, type Roots } from './jump.ts'
import { type Place, placeAt, positionAt } from './place.ts'
import { type Request, requestsOf } from './requests.ts'
import { isChosen, joined, type Planning, take } from './select.ts'

/** The requests to subgraphs that answer an operation, each after those that it waits for. */
export type Plan = { readonly requests: readonly Request[] }

export type PlanDeps = {
  readonly joins: Joins
  /** The supergraph whole, with what is inaccessible. */
  readonly schema: GraphQLSchema
}

export type Planned = {
  readonly kind: OperationTypeNode
  readonly selections: readonly Selection[]
  readonly keyOf: KeyOf
  readonly labels: ReadonlySet<string>
  /** With the operation's variables. */
  readonly document: DocumentNode
}

/** Far beyond what an operation needs that a person has written. */
const stepsMax = 500_000

/** Throws AppError DOCUMENT_TOO_COMPLEX, and an Error naming what no subgraph can answer. */
export function planFor({ joins, schema }: PlanDeps, planned: Planned): Plan {
  const { keyOf, labels, kind, selections, document } = planned
  const roots = rootsOf(schema)
  const root = schema.getRootType(kind)
  if (!root) return { requests: [] }
  const planning: Planning = {
    ...{ joins, keyOf, labels, fetches: [], step: counter() },
    jump: (place, asks) => jump(planning, roots, place, asks),
  }
  const place = placeAt(positionAt(root.name, []), root.name)
  const asks = collect(joins, asksOf(selections), root.name).filter(
    (ask) => ask.kind === 'on' || ask.name !== '__typename',
  )
  const left =
    kind === OperationTypeNode.MUTATION
      ? serially(planning, place, asks)
      : planning.jump(place, asks)
  if (left.length > 0) throw new Error(`No subgraph answers ${namesOf(left).join(', ')}.`)
  return { requests: requestsOf(planning.fetches, { document, joins }) }
}

function counter(): () => void {
  let steps = 0
  return () => {
    steps += 1
    if (steps > stepsMax)
      throw new AppError('DOCUMENT_TOO_COMPLEX', 'The operation takes too long to plan.')
  }
}

const rootsOf = (schema: GraphQLSchema): Roots =>
  new Map(
    Object.values(OperationTypeNode).flatMap((kind) => {
      const type = schema.getRootType(kind)
      return type ? [[type.name, kind] as const] : []
    }),
  )

/**
 * Each mutation begins when all of the one before is there. Source: GraphQL, September 2025, 6.2.2.
 */
function serially(planning: Planning, place: Place, asks: readonly Ask[]): Ask[] {
  return asks.flatMap((ask) => {
    if (ask.kind === 'on') return [ask]
    const graph = graphFor(planning, place, ask.name)
    if (graph === undefined) return [ask]
    const fetch = mutationAt(planning, place, graph)
    const source = { graph, as: place.type, fetch, selected: fetch.selected, provided: [] }
    const left = take(planning, { place, source: joined(planning, place, source) }, [ask])
    return left
  })
}

function graphFor({ joins, labels }: Planning, { type }: Place, name: string) {
  const graphs = joins.get(type)?.fields.get(name)?.graphs ?? new Map<string, FieldJoin>()
  const [chosen] = [...graphs].find(([, join]) => !join.isExternal && isChosen(join, labels)) ?? []
  return chosen
}

/** The last request, when it goes to the same subgraph and nothing has followed from it. */
function mutationAt({ fetches }: Planning, { path, type }: Place, graph: string): Fetch {
  const last = fetches.at(-1)
  if (last?.graph === graph && last.operation === OperationTypeNode.MUTATION) return last
  const fetch: Fetch = {
    ...{ graph, operation: OperationTypeNode.MUTATION, path, type, isEntity: false },
    ...{ selected: nothingSelected(), needs: [], after: new Set(fetches) },
  }
  fetches.push(fetch)
  return fetch
}

const namesOf = (asks: readonly Ask[]): string[] =>
  asks.flatMap((ask) => {
    if (ask.kind === 'on') return namesOf(ask.sub)
    const below = namesOf(ask.sub ?? [])
    return below.length > 0 ? below.map((name) => `${ask.name}.${name}`) : [ask.name]
  })
