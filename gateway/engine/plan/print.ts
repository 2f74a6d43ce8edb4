import {
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationTypeNode,
  parse,
  print,
  visit,
} from 'graphql'
import type { Path } from './fetch.ts'
import type { Graph } from './joins.ts'
import type { Request } from './requests.ts'

/** One request of a plan, in words that a person reads. */
export type PlannedFetch = {
  /** Its place in the plan; `waitsFor` and the trace of a run name it by this. */
  readonly id: number
  readonly subgraph: string
  readonly kind: OperationTypeNode
  /**
   * Where its answer belongs, by the names that fields have in the graph: `users[].bookings`; empty
   * for the root.
   */
  readonly paths: readonly string[]
  /** What types its entities are of; empty for root fields. */
  readonly entities: readonly string[]
  readonly waitsFor: readonly number[]
  /** Names of the client's variables that it is given. */
  readonly variables: readonly string[]
  /** The text that the subgraph is sent, laid out. */
  readonly document: string
}

/** The requests in the order of the plan: nothing stands before what it waits for. */
export function printPlan(
  requests: readonly Request[],
  nameOf: (graph: Graph) => string,
): PlannedFetch[] {
  const documents = requests.map(({ document }) => parse(document))
  const names = new Map(documents.flatMap((document) => [...aliasesIn(document)]))
  return requests.map((request, id) => {
    const { content, graph, operation, after, variables } = request
    const paths =
      content.kind === 'root'
        ? [content.path]
        : content.parts.flatMap(({ targets }) => targets.map(({ path }) => path))
    const types = content.kind === 'root' ? [] : content.parts.map(({ type }) => type)
    const document = documents[id]
    return {
      ...{ id, subgraph: nameOf(graph), kind: operation },
      paths: [...new Set(paths.map((path) => pathText(path, names)))],
      entities: [...new Set(types)],
      ...{ waitsFor: after, variables },
      document: document ? print(document) : '',
    }
  })
}

/** A key of the plan stands for one field with one set of arguments, wherever it is. */
function aliasesIn(document: DocumentNode): Map<string, string> {
  const names = new Map<string, string>()
  visit(document, {
    [Kind.FIELD]: ({ alias, name }: FieldNode) => {
      if (alias) names.set(alias.value, name.value)
    },
  })
  return names
}

function pathText(path: Path, names: ReadonlyMap<string, string>): string {
  let text = ''
  for (const step of path) {
    if (step.kind === 'list') text += '[]'
    else if (step.kind === 'on') text += `(${step.type})`
    else text += `${text === '' ? '' : '.'}${names.get(step.key) ?? step.key}`
  }
  return text
}
