import { type DocumentNode, isTypeDefinitionNode } from 'graphql'
import { isSchemaNode, usesOf } from './directives.ts'
import { isNewer, type Link, type Version } from './links.ts'

/** A supergraph that nobody here can execute; the message names every reason. */
export class SupergraphError extends Error {
  constructor(reasons: readonly string[]) {
    super(['The supergraph cannot be served:', ...reasons.map((one) => `  ${one}`)].join('\n'))
    this.name = 'SupergraphError'
  }
}

/** The newest version of each feature that the engines keep, or that asks nothing of them. */
const newest: Readonly<Record<string, Version>> = {
  authenticated: { major: 0, minor: 1 },
  core: { major: 0, minor: 2 },
  cost: { major: 0, minor: 1 },
  inaccessible: { major: 0, minor: 2 },
  join: { major: 0, minor: 5 },
  link: { major: 1, minor: 0 },
  policy: { major: 0, minor: 1 },
  requiresScopes: { major: 0, minor: 1 },
  tag: { major: 0, minor: 3 },
}

/** What composition accepts and no engine executes: its answers would be wrong without an error. */
const unexecuted: Readonly<Record<string, string>> = {
  connect: '@connect, which no engine here executes',
  context: '@context and @fromContext, which no engine here executes',
  source: '@source, which no engine here executes',
}

const purposes: Readonly<Record<string, string>> = {
  SECURITY: 'does not enforce',
  EXECUTION: 'does not execute',
}

/** Why a supergraph cannot be served as it says; empty when it can. */
export const refusalsOf = (
  document: DocumentNode,
  links: readonly Link[],
  subgraphNames: ReadonlyMap<string, string>,
): string[] => [
  ...contextFaults(document, subgraphNames),
  ...links.flatMap(linkFaults),
  ...connectFaults(document, subgraphNames),
]

function linkFaults({ feature, version, purpose, url }: Link): string[] {
  if (unexecuted[feature]) return [`It uses ${unexecuted[feature]}.`]
  const known = newest[feature]
  const lack = purposes[purpose ?? (feature === 'join' ? 'EXECUTION' : '')]
  if (!lack) return []
  if (!known) return [`It needs ${url}, which this gateway ${lack}.`]
  if (version && !isNewer(version, known)) return []
  return [`It needs ${url}; this gateway knows ${feature} up to v${known.major}.${known.minor}.`]
}

/** `@fromContext`, as join v0.5 writes it: the planner leaves such arguments out. */
const contextFaults = (document: DocumentNode, subgraphNames: ReadonlyMap<string, string>) =>
  document.definitions.filter(isTypeDefinitionNode).flatMap((type) =>
    ('fields' in type ? (type.fields ?? []) : []).flatMap((field) =>
      usesOf(field, 'join__field')
        .filter(({ contextArguments }) => contextArguments !== undefined)
        .map(({ graph }) => {
          const name = subgraphNames.get(String(graph)) ?? String(graph)
          const place = `${type.name.value}.${field.name.value}`
          return `Subgraph ${name}: ${place} takes an argument @fromContext, which no engine here executes.`
        }),
    ),
  )

/** Directives that join v0.5 hands through as text. */
const connectFaults = (document: DocumentNode, subgraphNames: ReadonlyMap<string, string>) =>
  document.definitions
    .filter((node) => isSchemaNode(node) || isTypeDefinitionNode(node))
    .flatMap((node) => [node, ...('fields' in node ? (node.fields ?? []) : [])])
    .flatMap((node) => usesOf(node, 'join__directive'))
    .filter(({ name }) => name === 'connect' || name === 'source')
    .map(({ name, graphs }) => {
      const where = Array.isArray(graphs) ? graphs.map((one) => subgraphNames.get(String(one))) : []
      return `Subgraph ${where.join(', ')}: @${name} is not executed here.`
    })
