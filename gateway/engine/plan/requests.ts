import {
  type DocumentNode,
  Kind,
  OperationTypeNode,
  print,
  type VariableDefinitionNode,
} from 'graphql'
import { freeName, variablesIn } from '../prepare/variables.ts'
import {
  type Fetch,
  type KeyTree,
  keyTreeOf,
  type Need,
  nothingSelected,
  type Path,
  type Selected,
} from './fetch.ts'
import type { Graph, Joins } from './joins.ts'
import { isEmpty, type Printing, textOf } from './text.ts'

/** Objects that a subgraph is asked about, and what it is told of them. */
export type Target = { readonly path: Path; readonly needs: readonly Need[] }

/** One `_entities` field: the same questions about the objects of several places. */
export type Part = {
  readonly alias: string
  readonly variable: string
  /** What the representations say their type is. */
  readonly type: string
  readonly targets: readonly Target[]
  readonly keys: KeyTree
}

/** One request to a subgraph. */
export type Request = {
  readonly graph: Graph
  readonly operation: OperationTypeNode
  readonly document: string
  /** Names of the client's variables that the document uses. */
  readonly variables: readonly string[]
  /** Keys that the subgraph answers under another name. */
  readonly renames: ReadonlyMap<string, string>
  /** Requests, by their index, whose answers must be there. */
  readonly after: readonly number[]
  readonly content:
    | { readonly kind: 'root'; readonly path: Path; readonly keys: KeyTree }
    | { readonly kind: 'entities'; readonly parts: readonly Part[] }
}

type Whole = { readonly document: DocumentNode; readonly joins: Joins }

/** The fetches as requests: what can be asked of a subgraph at the same time is one request. */
export function requestsOf(fetches: readonly Fetch[], { document, joins }: Whole): Request[] {
  const useful = fetches.filter((fetch) => isUseful(fetch, fetches))
  const groups = groupsOf(useful)
  const definitions = definitionsIn(document)
  const printing = { joins, definitions }
  return groups.map((group) => {
    const after = group.flatMap((fetch) => [...fetch.after])
    const indexes = after.map((one) => groups.findIndex((other) => other.includes(one)))
    return {
      ...requestOf(group, { ...printing, renames: new Map() }),
      after: [...new Set(indexes.filter((index) => index >= 0))],
    }
  })
}

/** One that was opened in vain, and that nobody waits for, is not sent. */
const isUseful = (fetch: Fetch, fetches: readonly Fetch[]): boolean =>
  !isEmpty(fetch.selected) || fetches.some(({ after }) => after.has(fetch))

/** In an order in which nothing stands before what it waits for. */
function groupsOf(fetches: readonly Fetch[]): Fetch[][] {
  const waves = new Map<Fetch, number>()
  const waveOf = (fetch: Fetch): number => {
    const known = waves.get(fetch)
    if (known !== undefined) return known
    const wave = Math.max(0, ...[...fetch.after].map((one) => waveOf(one) + 1))
    waves.set(fetch, wave)
    return wave
  }
  const groups = new Map<string, Fetch[]>()
  const ordered = [...fetches].sort((one, other) => waveOf(one) - waveOf(other))
  for (const [index, fetch] of ordered.entries()) {
    const isAlone = !fetch.isEntity
    const id = `${waveOf(fetch)} ${fetch.graph} ${isAlone ? index : 'entities'}`
    const group = groups.get(id)
    if (group) group.push(fetch)
    else groups.set(id, [fetch])
  }
  return [...groups.values()]
}

type Definitions = ReadonlyMap<string, VariableDefinitionNode>

function definitionsIn({ definitions }: DocumentNode): Definitions {
  const operation = definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)
  return new Map(
    (operation?.variableDefinitions ?? []).map((node) => [node.variable.name.value, node]),
  )
}

type Printed = Printing & { readonly definitions: Definitions }

function requestOf(group: readonly Fetch[], printing: Printed): Omit<Request, 'after'> {
  const [first] = group
  if (!first) throw new Error('A request without a fetch.')
  const used = new Set(group.flatMap(({ selected }) => usedIn(selected)))
  const own = [...used].flatMap((name) => printing.definitions.get(name) ?? [])
  const { graph, operation } = first
  const { renames } = printing
  const shared = { graph, operation, variables: [...used], renames }
  if (!first.isEntity) {
    const head = own.length > 0 ? `${operation}(${own.map(typed).join(' ')})` : operation
    const isPlain = operation === OperationTypeNode.QUERY && own.length === 0
    const document = `${isPlain ? '' : head}${textOf(printing, first.selected, { graph, type: first.type })}`
    const keys = keyTreeOf(first.selected)
    return { ...shared, document, content: { kind: 'root', path: first.path, keys } }
  }
  const parts = partsOf(group, printing)
  const variables = parts.map(({ variable }) => `$${variable}:[_Any!]!`)
  const fields = parts.map(
    ({ alias, variable, text }) =>
      `${alias === '_entities' ? '' : `${alias}:`}_entities(representations:$${variable})${text}`,
  )
  return {
    ...shared,
    document: `query(${[...variables, ...own.map(typed)].join(' ')}){${fields.join(' ')}}`,
    content: { kind: 'entities', parts: parts.map(({ text: _, ...part }) => part) },
  }
}

/** A variable's directives are the gateway's own concern. */
const typed = (node: VariableDefinitionNode) => print({ ...node, directives: [] })

/** Those that ask the same become one, about the objects of all of them. */
function partsOf(group: readonly Fetch[], printing: Printed): (Part & { readonly text: string })[] {
  const texts = new Map<string, Fetch[]>()
  for (const fetch of group) {
    const { graph, type } = fetch
    const text = `{...on ${type}${textOf(printing, fetch.selected, { graph, type })}}`
    texts.set(text, [...(texts.get(text) ?? []), fetch])
  }
  const isOne = texts.size === 1
  return [...texts].map(([text, fetches], index) => ({
    alias: isOne ? '_entities' : `_e${index}`,
    variable: freeName(printing.definitions, isOne ? 'representations' : `_r${index}`),
    type: fetches[0]?.type ?? '',
    targets: fetches.map(({ path, needs }) => ({ path, needs })),
    keys: keyTreeOf(fetches[0]?.selected ?? nothingSelected()),
    text,
  }))
}

const usedIn = ({ fields, on }: Selected): string[] => [
  ...[...fields.values()].flatMap(({ args, sub }) => [
    ...args.flatMap(({ value }) => [...variablesIn(value)]),
    ...(sub ? usedIn(sub) : []),
  ]),
  ...[...on.values()].flatMap(usedIn),
]
