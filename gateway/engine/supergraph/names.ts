import { type DocumentNode, Kind, type NameNode, visit } from 'graphql'
import type { Link } from './links.ts'

/** Features whose directives the engines read by the names that their specifications give. */
const directivesOf: Readonly<Record<string, readonly string[]>> = {
  authenticated: ['authenticated'],
  cacheControl: ['cacheControl'],
  cost: ['cost', 'listSize'],
  inaccessible: ['inaccessible'],
  policy: ['policy'],
  requiresScopes: ['requiresScopes'],
  tag: ['tag'],
}

/** From each name that a link gives a directive to the name in its specification. */
export function ownNamesOf(links: readonly Link[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const { feature, name, imports } of links)
    for (const directive of directivesOf[feature] ?? []) {
      if (directive === feature) names.set(name, directive)
      names.set(`${name}__${directive}`, directive)
      for (const one of imports)
        if (one.name === `@${directive}`) names.set(one.as.replace(/^@/, ''), directive)
    }
  return names
}

/** A supergraph, and the text that it was read from. */
type Written = { readonly document: DocumentNode; readonly text: string }

/**
 * The same supergraph, in which every directive of a feature has its own name again, whatever a
 * link calls it. Source: specs.apollo.dev/link/v1.0, "Importing".
 */
export function underOwnNames({ document, text }: Written, links: readonly Link[]): DocumentNode {
  const own = new Map(
    // Whoever uses a name has written it out; to look through every node costs far more.
    [...ownNamesOf(links)].filter(([from, to]) => from !== to && text.includes(from)),
  )
  const prefixes = links
    .filter(({ feature, name }) => feature === 'join' && name !== feature)
    .map(({ name }) => `${name}__`)
  if (own.size === 0 && prefixes.length === 0) return document
  const renamed = ({ value, ...node }: NameNode): NameNode => {
    const prefix = prefixes.find((one) => value.startsWith(one))
    return { ...node, value: prefix ? `join__${value.slice(prefix.length)}` : value }
  }
  const directive = (node: NameNode): NameNode => {
    const name = own.get(node.value)
    return name === undefined ? renamed(node) : { ...node, value: name }
  }
  return withoutTwins(
    visit(document, {
      [Kind.DIRECTIVE]: (node) => ({ ...node, name: directive(node.name) }),
      [Kind.DIRECTIVE_DEFINITION]: (node) => ({ ...node, name: directive(node.name) }),
      [Kind.NAMED_TYPE]: (node) => ({ ...node, name: renamed(node.name) }),
      [Kind.ENUM_TYPE_DEFINITION]: (node) => ({ ...node, name: renamed(node.name) }),
      [Kind.SCALAR_TYPE_DEFINITION]: (node) => ({ ...node, name: renamed(node.name) }),
      [Kind.INPUT_OBJECT_TYPE_DEFINITION]: (node) => ({ ...node, name: renamed(node.name) }),
    }),
  )
}

/** Two names of one directive become one, so all but one of their definitions go. */
function withoutTwins(document: DocumentNode): DocumentNode {
  const seen = new Set<string>()
  return {
    ...document,
    definitions: document.definitions.filter((node) => {
      if (node.kind !== Kind.DIRECTIVE_DEFINITION) return true
      if (seen.has(node.name.value)) return false
      seen.add(node.name.value)
      return true
    }),
  }
}
