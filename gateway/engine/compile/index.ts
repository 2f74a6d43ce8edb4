import type { OperationTypeNode } from 'graphql'
import type { KeyTree } from '../plan/fetch.ts'
import type { Part, Request } from '../plan/requests.ts'
import type { CacheHints } from '../supergraph/cache-hints.ts'
import type { Transport } from '../transport/transport.ts'
import { type EntityAge, entityAgesOf } from './entity-ages.ts'
import { type Representation, representationOf } from './representation.ts'
import { type Walk, walkOf } from './walk.ts'

/** Objects at one place, and how to speak of them to a subgraph. */
export type CompiledTarget = Representation & { readonly walk: Walk }

export type CompiledPart = {
  readonly alias: string
  /** The beginning of the variable that holds the representations. */
  readonly opening: string
  readonly targets: readonly CompiledTarget[]
  /** What its entities are asked. */
  readonly keys: KeyTree
  /** Null for what must not be kept. */
  readonly age: EntityAge | null
}

/** A request to a subgraph of which all that never changes is ready. */
export type Step = {
  /** Its place in the plan. */
  readonly id: number
  readonly subgraph: string
  readonly kind: OperationTypeNode
  readonly transport: Transport
  /** The body up to its variables. */
  readonly opening: string
  /** Each of the client's variables with the beginning of its place in the body. */
  readonly variables: readonly { readonly name: string; readonly opening: string }[]
  /** For root fields: where their answer belongs, and the keys that it has. */
  readonly walk: Walk | null
  readonly keys: KeyTree
  /** For entities. */
  readonly parts: readonly CompiledPart[]
  readonly document: string
  /** Null when the answer stands under its keys already. */
  readonly renames: ReadonlyMap<string, string> | null
  /** How many steps it waits for, and which wait for it. */
  readonly waits: number
  readonly next: readonly number[]
}

/** The way to each subgraph of a graph, and its name. */
export type Ways = {
  /** Throws for a subgraph without a transport. */
  readonly transportTo: (graph: string) => Transport
  readonly nameOf: (graph: string) => string
  /** For how long what may be kept. */
  readonly hints: CacheHints
}

/** Throws for a subgraph without a transport. */
export function compile(
  requests: readonly Request[],
  { transportTo, nameOf, hints }: Ways,
): Step[] {
  return requests.map((request, index) => {
    const { document, variables, operation, content, graph, after } = request
    return {
      ...{ id: index, subgraph: nameOf(graph) },
      kind: operation,
      transport: transportTo(graph),
      opening: `{"query":${JSON.stringify(document)},"variables":{`,
      variables: variables.map((name) => ({ name, opening: `${JSON.stringify(name)}:` })),
      walk: content.kind === 'root' ? walkOf(content.path) : null,
      keys: content.kind === 'root' ? content.keys : noKeys,
      parts: content.kind === 'root' ? [] : partsOf(content.parts, document, hints),
      ...{ document, renames: request.renames.size > 0 ? request.renames : null },
      waits: after.length,
      next: requests.flatMap((other, at) => (other.after.includes(index) ? [at] : [])),
    }
  })
}

const noKeys: KeyTree = new Map()

function partsOf(parts: readonly Part[], document: string, hints: CacheHints): CompiledPart[] {
  const ages = entityAgesOf(document, hints)
  return parts.map((part) => partOf(part, ages.get(part.alias) ?? null))
}

const partOf = (
  { alias, variable, type, targets, keys }: Part,
  age: EntityAge | null,
): CompiledPart => ({
  ...{ alias, keys, age },
  opening: `${JSON.stringify(variable)}:[`,
  targets: targets.map(({ path, needs }) => ({
    walk: walkOf(path),
    ...representationOf(type, needs),
  })),
})
