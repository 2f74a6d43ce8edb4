import { type DocumentNode, type EnumValueDefinitionNode, Kind, parse } from 'graphql'
import { usesOf } from './directives.ts'
import { linksIn } from './links.ts'
import { ownNamesOf, underOwnNames } from './names.ts'
import { referenceFaults } from './references.ts'
import { refusalsOf, SupergraphError } from './refusals.ts'
import { upgraded } from './upgrade.ts'

export { argumentsOf } from './directives.ts'

export type SecurityDirective = 'authenticated' | 'requiresScopes' | 'policy'

/**
 * A composed supergraph as the engine reads it, before any executable schema is made of it: join
 * v0.3 or later, every directive under the name that its specification gives it.
 */
export type Supergraph = {
  readonly document: DocumentNode
  /** From the value of `join__Graph` (USERS) to the subgraph's own name (users). */
  readonly subgraphNames: ReadonlyMap<string, string>
  /** From a directive's name to what it means; a link may have renamed it. */
  readonly security: ReadonlyMap<string, SecurityDirective>
}

const securityDirectives: readonly SecurityDirective[] = [
  'authenticated',
  'requiresScopes',
  'policy',
]

/**
 * Any supergraph of Federation 1 or 2 (join v0.1 to v0.5). Throws a GraphQLError for text that is
 * no GraphQL, and SupergraphError for a graph that would be answered wrongly, or whose rules nobody
 * here enforces.
 */
export function supergraphFrom(sdl: string): Supergraph {
  const written = parse(sdl, { noLocation: true })
  const links = linksIn(written)
  const named = underOwnNames({ document: written, text: sdl }, links)
  const subgraphNames = subgraphNamesIn(named)
  const refusals = [
    ...refusalsOf(named, links, subgraphNames),
    ...referenceFaults(named, subgraphNames),
  ]
  if (refusals.length > 0) throw new SupergraphError(refusals)
  return {
    document: upgraded(named, links, subgraphNames),
    subgraphNames,
    security: securityIn(ownNamesOf(links)),
  }
}

/** Where each subgraph says that it answers; null for one that does not say. */
export const subgraphUrlsOf = ({ document }: Supergraph): ReadonlyMap<string, string | null> =>
  new Map(graphsIn(document).map((value) => [subgraphNameOf(value), subgraphUrlOf(value)]))

function graphsIn({ definitions }: DocumentNode): readonly EnumValueDefinitionNode[] {
  const graphs = definitions.find(
    (node) => node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'join__Graph',
  )
  if (graphs?.kind === Kind.ENUM_TYPE_DEFINITION) return graphs.values ?? []
  throw new SupergraphError([
    'The supergraph has no join__Graph: this is not the schema that composition gives.',
  ])
}

const subgraphNamesIn = (document: DocumentNode): Map<string, string> =>
  new Map(graphsIn(document).map((value) => [value.name.value, subgraphNameOf(value)]))

const subgraphNameOf = (value: EnumValueDefinitionNode) =>
  String(usesOf(value, 'join__graph')[0]?.name ?? value.name.value)

const subgraphUrlOf = (value: EnumValueDefinitionNode) => {
  const url = usesOf(value, 'join__graph')[0]?.url
  return typeof url === 'string' && url !== '' ? url : null
}

/**
 * The default names always count: a supergraph without its links must not be a supergraph without
 * rules.
 */
function securityIn(ownNames: ReadonlyMap<string, string>): Map<string, SecurityDirective> {
  const names = new Map(securityDirectives.map((name) => [String(name), name]))
  for (const [given, own] of ownNames) {
    const known = securityDirectives.find((name) => name === own)
    if (known) names.set(given, known)
  }
  return names
}
