import {
  type ConstDirectiveNode,
  type DocumentNode,
  Kind,
  parse,
  type SchemaDefinitionNode,
  type SchemaExtensionNode,
  valueFromASTUntyped,
} from 'graphql'
import { z } from 'zod'

export type SecurityDirective = 'authenticated' | 'requiresScopes' | 'policy'

/** A composed supergraph as the engine reads it, before any executable schema is made of it. */
export type Supergraph = {
  readonly document: DocumentNode
  /** From the value of `join__Graph` (USERS) to the subgraph's own name (users). */
  readonly subgraphNames: ReadonlyMap<string, string>
  /** From a directive's name in this document to what it means; a link may have renamed it. */
  readonly security: ReadonlyMap<string, SecurityDirective>
}

const Link = z.object({
  url: z.string().default(''),
  as: z.string().optional(),
  for: z.string().optional(),
  import: z.array(z.union([z.string(), z.object({ name: z.string(), as: z.string().optional() })])),
})
const LinkArguments = Link.partial({ import: true })
type Link = z.infer<typeof LinkArguments>

const securityDirectives: readonly SecurityDirective[] = [
  'authenticated',
  'requiresScopes',
  'policy',
]

/** A security feature that is kept by what the public schema leaves out: no rule stands for it. */
const hidden: ReadonlySet<string> = new Set(['inaccessible'])

/** Throws when the document asks for a security feature that this gateway does not enforce. */
export function supergraphFrom(sdl: string): Supergraph {
  const document = parse(sdl, { noLocation: true })
  return { document, subgraphNames: subgraphNamesIn(document), security: securityIn(document) }
}

/** A directive's arguments as plain values. */
export const argumentsOf = (directive: ConstDirectiveNode): Record<string, unknown> =>
  Object.fromEntries(
    (directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  )

function subgraphNamesIn({ definitions }: DocumentNode): Map<string, string> {
  const graphs = definitions.find(
    (node) => node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'join__Graph',
  )
  if (graphs?.kind !== Kind.ENUM_TYPE_DEFINITION)
    throw new Error('The supergraph has no join__Graph.')
  return new Map((graphs.values ?? []).map((value) => [value.name.value, subgraphNameOf(value)]))
}

function subgraphNameOf(value: {
  readonly name: { readonly value: string }
  readonly directives?: readonly ConstDirectiveNode[]
}): string {
  const graph = value.directives?.find(({ name }) => name.value === 'join__graph')
  return String((graph && argumentsOf(graph).name) ?? value.name.value)
}

const isSchema = (node: { kind: string }): node is SchemaDefinitionNode | SchemaExtensionNode =>
  node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION

const linksIn = ({ definitions }: DocumentNode): Link[] =>
  definitions
    .filter(isSchema)
    .flatMap(({ directives = [] }) => directives)
    .filter(({ name }) => name.value === 'link')
    .map((directive) => LinkArguments.parse(argumentsOf(directive)))

/** `https://specs.apollo.dev/requiresScopes/v0.1` is the feature `requiresScopes`. */
const featureOf = ({ url }: Link) => url.split('/').at(-2) ?? ''

/**
 * The default names always count: a supergraph without its links must not be a supergraph without
 * rules.
 */
function securityIn(document: DocumentNode): Map<string, SecurityDirective> {
  const names = new Map(securityDirectives.map((name) => [String(name), name]))
  for (const link of linksIn(document)) {
    const known = securityDirectives.find((name) => name === featureOf(link))
    if (!known && !hidden.has(featureOf(link)) && link.for === 'SECURITY')
      throw new Error(`The supergraph needs ${link.url}, which this gateway does not enforce.`)
    if (known) for (const name of namesOf(link, known)) names.set(name, known)
  }
  return names
}

/** Names under which a link makes its one directive known. Source: specs.apollo.dev/link/v1.0. */
const namesOf = (link: Link, feature: string): string[] => [
  link.as ?? feature,
  `${link.as ?? feature}__${feature}`,
  ...(link.import ?? []).map((entry) =>
    (typeof entry === 'string' ? entry : (entry.as ?? entry.name)).replace(/^@/, ''),
  ),
]
